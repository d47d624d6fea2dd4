// The functions of a JavaScript module: how it is loaded, what a function gets and gives, where its output goes.
#include "functions/function_module.hpp"

#include <boost/json/serialize.hpp>

#include "support/catch.hpp"
#include "unit/server/function_world.hpp"

using namespace taskd;
using namespace taskd::testing;
using taskcore::AttemptStatus;
using taskcore::Status;
namespace json = boost::json;

TEST_CASE("a custom task calls an exported function, and an unknown name is refused", "[functions]") {
  if (!has_node()) return;
  FunctionWorld world(R"(// custom-tasks.js
export async function myCustomTask(params) { return { result: 'success' }; }
)");
  const auto run = world.run("myCustomTask");
  CHECK(run.status == Status::completed);
  CHECK(run.result == json::value{{"result", "success"}});
  const auto refused = world.scheduler->create(FunctionWorld::task("another"));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().detail.find("registered are 'myCustomTask'") != std::string::npos);
}

TEST_CASE("modules of each kind are loaded, with what they import", "[functions]") {
  if (!has_node()) return;
  const auto [name, text] = GENERATE(table<std::string, std::string>({
      {"a.js", "import { two } from './lib/two.js'; export const f = () => two();"},
      {"b.mjs", "import { two } from './lib/two.js'; export function f() { return two(); }"},
      {"c.cjs", "exports.f = () => require('./lib/three.cjs') - 1;"},
      {"d.js", "module.exports = { f() { return this.g(); }, g() { return require('./lib/three.cjs') - 1; } };"},
      {"e.mjs", "const two = await Promise.resolve(2); export default { f: async () => two };"},
  }));
  INFO(name);
  FunctionWorld world(
      text, name, {{"lib/two.js", "export function two() { return 2; }"}, {"lib/three.cjs", "module.exports = 3;"}});
  CHECK(world.run("f").result == json::value(2));
}

TEST_CASE("a module that cannot be loaded is one clear line", "[functions]") {
  if (!has_node()) return;
  const auto [text, part] = GENERATE(table<std::string, std::string>({
      {"export const f = ( => 1;", "SyntaxError: Unexpected token '=>' ("},
      {"import './missing.js'; export const f = 1;", "Cannot find module"},
      {"\n\nthrow new TypeError('no\\nway');", "TypeError: no ("},
      {"export const text = 'only';", "it exports no function"},
      {"process.exit(7);", "Node.js ended with exit code 7"},
      {"await new Promise(() => {}); export const f = 1;", "it was not loaded within 400 ms"},
      {"for (;;) {}", "it was not loaded within 400 ms"},
  }));
  INFO(text);
  TempDir dir;
  Loop loop(1);
  FunctionModule::Options options;
  options.file = dir.write("tasks.mjs", text);
  if (part.find("400") != std::string::npos) options.load_time = std::chrono::milliseconds(400);
  auto functions = FunctionModule::make(loop.context.get_executor(), options);
  const auto loaded = functions->load();
  functions->stop();
  REQUIRE_FALSE(loaded.has_value());
  INFO(loaded.error().detail);
  CHECK(loaded.error().code == taskcore::Errc::unavailable);
  CHECK(loaded.error().detail.find(part) != std::string::npos);
  CHECK(loaded.error().detail.find('\n') == std::string::npos);
  CHECK(loaded.error().detail.find(options.file.string()) == 0);
}

TEST_CASE("a function gets its parameters and its context, and what it tells is kept", "[functions]") {
  if (!has_node()) return;
  FunctionWorld world(R"(
export async function f(params, context) {
  context.log('warn', 'half', { n: 1 });
  context.progress(0.5);
  if (context.attempt === 1) {
    context.setCheckpoint({ at: 7 });
    throw new Error('once more');
  }
  const { runId, taskId, attempt, scheduledFor, deadline, checkpoint, dependencies, signal } = context;
  return { params, runId, taskId, attempt, scheduledFor, checkpoint, dependencies,
           time: deadline - Date.now() > 10000, aborted: signal.aborted };
})");
  const auto run = world.run(FunctionWorld::task("f", {{"a", json::array{1, "\xC3\xA9\xE2\x80\xA8"}}}));
  CHECK(run.status == Status::completed);
  const json::value expected{{"params", {{"a", json::array{1, "\xC3\xA9\xE2\x80\xA8"}}}},
                             {"runId", run.id},
                             {"taskId", "f"},
                             {"attempt", 2},
                             {"scheduledFor", nullptr},
                             {"checkpoint", {{"at", 7}}},
                             {"dependencies", json::object{}},
                             {"time", true},
                             {"aborted", false}};
  CHECK(json::serialize(run.result) == json::serialize(expected));
  REQUIRE(run.attempts.size() == 2);
  CHECK(run.attempts[0].error->code == "exception");
  CHECK(run.attempts[0].error->message == "once more");
  const auto lines = world.lines(run);
  CHECK(holds(lines, "WARN: half"));
  CHECK(holds(lines, "ERROR: Error: once more"));
}

TEST_CASE("an error says whether it is retried, is final, or asks for later", "[functions]") {
  if (!has_node()) return;
  FunctionWorld world(R"(
const attempts = {};
const count = (name) => (attempts[name] = (attempts[name] ?? 0) + 1);
export const plain = () => { count('plain'); throw new Error('plain'); };
export const fatal = async () => { count('fatal'); throw Object.assign(new Error('for good'), { fatal: true }); };
export const final = () => { count('final'); throw { message: 'no error', retryable: false }; };
export const text = () => { if (count('text') === 1) throw 'a text'; return attempts; };
export const later = () => { if (count('later') < 3) throw Object.assign(new Error(), { snooze: 1 }); return 'now'; };
)");
  CHECK(world.run("plain").attempts.size() == 4);
  const auto fatal = world.run("fatal");
  CHECK(fatal.status == Status::failed);
  CHECK(fatal.error->code == "fatal");
  CHECK(fatal.error->message == "for good");
  CHECK_FALSE(fatal.error->retryable);
  CHECK(world.run("final").error->message == "no error");
  auto once = FunctionWorld::task("later");
  once.max_retries = 0;
  CHECK(world.run(once).result == json::value("now"));
  CHECK(world.run("text").result == json::value{{"plain", 4}, {"fatal", 1}, {"final", 1}, {"later", 3}, {"text", 2}});
}

TEST_CASE("calls run side by side, and each one's output is in its own log", "[functions]") {
  if (!has_node()) return;
  FunctionWorld world(R"(
console.log('at load');
const waiting = {};
const met = (name) => new Promise((go) => {
  waiting[name] = go;
  if (waiting.a && waiting.b) [waiting.a, waiting.b].forEach((each) => each());
});
async function speak(name) {
  console.log('from %s', name);
  await met(name);
  console.error('two\nlines of ' + name);
  process.stdout.write('no end of line');
  setTimeout(() => console.log('after ' + name), 0);
}
export const a = () => speak('a');
export const b = () => speak('b');
export const c = () => new Promise((done) => setTimeout(done, 20));
)");
  const std::string a = world.begin(FunctionWorld::task("a"));
  const std::string b = world.begin(FunctionWorld::task("b"));
  for (const auto& run : {world.end(a), world.end(b)}) {
    CHECK(run.status == Status::completed);
    const auto lines = world.lines(run);
    CHECK(holds(lines, "stdout: from " + run.task_id));
    CHECK(holds(lines, "stderr: two"));
    CHECK(holds(lines, "stderr: lines of " + run.task_id));
    CHECK(holds(lines, "stdout: no end of line"));
    CHECK_FALSE(holds(lines, "stdout: after " + run.task_id));
  }
  world.run("c");
  world.functions->stop();  // all that was printed has come
  CHECK(world.server_log().find("at load\n") != std::string::npos);
  CHECK(world.server_log().find("after a\n") != std::string::npos);
  CHECK(world.server_log().find("from a") == std::string::npos);
}

TEST_CASE("what a function gives can spoil its own call only", "[functions]") {
  if (!has_node()) return;
  FunctionWorld world(R"(
export const pid = () => process.pid;
export const large = () => 'x'.repeat(300000);
export const circular = () => { const it = {}; it.it = it; return it; };
export const big = () => 1n;
export const deep = () => { let it = 1; for (let i = 0; i < 100; ++i) it = [it]; return it; };
export const half = () => ['\ud83d', '\\ud83d', '\ud83d\ude00', '\u2028', undefined, NaN];
export const nothing = () => {};
export const flood = () => { for (let i = 0; i < 40000; ++i) console.log('x'.repeat(100)); };
)");
  const auto pid = world.run("pid").result;
  const auto code = [&](const std::string& name) {
    const auto run = world.run(name);
    return run.attempts.size() == 1 && run.error ? run.error->code : "none";
  };
  CHECK(code("large") == "result_too_large");
  CHECK(code("circular") == "bad_result");
  CHECK(code("big") == "bad_result");
  CHECK(code("deep") == "bad_result");
  CHECK(json::serialize(world.run("half").result) ==
        "[\"\xEF\xBF\xBD\",\"\\\\ud83d\",\"\xF0\x9F\x98\x80\",\"\xE2\x80\xA8\",null,null]");
  CHECK(world.run("nothing").result.is_null());
  const auto flood = world.run("flood");
  CHECK(flood.status == Status::completed);
  taskcore::LogQuery warnings;
  warnings.task_id = flood.task_id;
  warnings.level = taskcore::LogLevel::warn;
  CHECK(world.scheduler->logs(warnings)->items.at(0).message.find("log truncated: ") == 0);
  CHECK(world.run("pid").result == pid);
}

TEST_CASE("many large parameters wait for a process that is busy", "[functions]") {
  if (!has_node()) return;
  FunctionWorld world(R"(
export function back({ text }) {
  for (const end = Date.now() + 20; Date.now() < end; );  // Nothing is read meanwhile.
  return text;
}
)");
  auto task = FunctionWorld::task("back");
  task.overlap = taskcore::Overlap::allow;
  REQUIRE(world.scheduler->ensure(task).has_value());
  std::vector<taskcore::ExecuteRequest> requests;
  for (char letter = 'a'; letter < 'm'; ++letter) {
    requests.push_back({"back", json::object{{"text", std::string(200'000, letter)}}});
  }
  const auto ids = world.scheduler->submit(requests);
  REQUIRE(ids.has_value());
  for (std::size_t i = 0; i < ids->size(); ++i) {
    const auto run = world.end(ids->at(i));
    CHECK((run.result == requests[i].params.at("text")));
  }
}
