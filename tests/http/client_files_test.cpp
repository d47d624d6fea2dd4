// taskd as a client of a running taskd: apply, export, import.
#include <boost/json/parse.hpp>

#include "http/client_process.hpp"
#include "http/taskd_process.hpp"
#include "support/catch.hpp"

using namespace taskd::testing;
namespace json = boost::json;

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

ClientProcess::Told client(TaskdProcess& taskd, const std::vector<std::string>& words, std::string_view input = {}) {
  return ClientProcess(words, {{"TASK_URL", taskd.url()}, {"TASK_TOKEN", taskd.token()}}, input).finish();
}

json::value read(TaskdProcess& taskd, const std::string& id) {
  return json::parse(taskd.call("GET", "/api/tasks/" + id).body);
}

std::string name_of(TaskdProcess& taskd, const std::string& id) {
  return std::string(std::string_view(read(taskd, id).at("name").as_string()));
}

constexpr std::string_view kThree = R"({"tasks":[
  {"id":"deploy","name":"Deploy","dependencies":["build","test"],"schedule":"after dependencies"},
  {"id":"test","name":"Test","dependencies":["build"]},
  {"id":"build","name":"Build","schedule":"daily at 2:00"}]})";

}  // namespace

TEST_CASE("apply makes what is not there, changes what differs and leaves the rest", "[client]") {
  TempDir dir;
  TaskdProcess taskd(dir.path(), {});
  const std::string file = dir.write("tasks.json", kThree).string();
  const auto made = client(taskd, {"apply", file});
  INFO(made.out << made.err);
  CHECK(made.code == 0);
  CHECK(made.out == "created   build\ncreated   test\ncreated   deploy\n");
  CHECK(client(taskd, {"apply", file}).out == "unchanged build\nunchanged test\nunchanged deploy\n");

  dir.write("tasks.json",
            R"([{"id":"new","name":"New","dependencies":["test"]},{"id":"test","name":"Tests","dependencies":["build"]},
      {"id":"build","name":"Build","schedule":"daily at 2:00"}])");
  CHECK(client(taskd, {"apply", file}).out == "unchanged build\nupdated   test\ncreated   new\n");
  CHECK(name_of(taskd, "test") == "Tests");
  const auto told = json::parse(client(taskd, {"apply", "-", "--json"}, R"({"id":"build","name":"B"})").out);
  CHECK(told.at("tasks").at(0) == json::parse(R"({"id":"build","outcome":"updated"})"));
  CHECK(read(taskd, "build").at("schedule").is_null());  // declared: what is not said is as if never said
}

TEST_CASE("what GET gives can be applied", "[client]") {
  TempDir dir;
  TaskdProcess taskd(dir.path(), {});
  REQUIRE(client(taskd, {"apply", "-"}, kThree).code == 0);
  const auto listed = client(taskd, {"list", "--json"});
  const auto again = client(taskd, {"apply", "-"}, listed.out);
  INFO(again.err);
  CHECK(again.code == 0);
  CHECK_FALSE(has(again.out, "updated"));
}

TEST_CASE("errors of apply name the task and the field", "[client]") {
  TempDir dir;
  TaskdProcess taskd(dir.path(), {});
  constexpr std::string_view kWrong =
      R"([{"id":"a","name":"A"},{"id":"b","name":"B","schedule":"now and then"},{"id":"c","name":"C","odd":1}])";
  const auto together = client(taskd, {"apply", "-"}, kWrong);
  CHECK(together.code == 3);
  INFO(together.out << together.err);
  CHECK(has(together.err, "taskd: task \"c\": /odd: "));
  CHECK(taskd.call("GET", "/api/tasks/a").status == 404);  // of new tasks none is made

  REQUIRE(client(taskd, {"apply", "-"}, R"({"id":"a","name":"Before"})").code == 0);
  const auto one_by_one = client(taskd, {"apply", "-"}, kWrong);
  CHECK(one_by_one.code == 3);
  INFO(one_by_one.out << one_by_one.err);
  CHECK(one_by_one.out == "updated   a\n");
  CHECK(has(one_by_one.err, "taskd: task \"b\": /schedule: "));
  CHECK(has(one_by_one.err, "taskd: task \"c\": /odd: "));
  const auto told = json::parse(client(taskd, {"apply", "-", "--json"}, kWrong).out);
  CHECK(told.at("tasks").at(2).at("outcome") == "failed");
  CHECK(told.at("tasks").at(2).at("errors").at(0).at("pointer") == "/odd");
}

TEST_CASE("a file that cannot be applied is refused before anything is sent", "[client]") {
  TempDir dir;
  TaskdProcess taskd(dir.path(), {});
  const auto [text, part] = GENERATE(table<std::string, std::string>({
      {"[{\"id\":\"a\"", "line 1: "},
      {R"([{"id":"a","name":"A"},{"name":"B"}])", "task \"B\" has no id"},
      {R"([{"id":"a","name":"A","dependencies":["b"]},{"id":"b","name":"B","dependencies":["a"]}])",
       "circle: a -> b -> a"},
  }));
  const auto told = client(taskd, {"apply", "-"}, text);
  INFO(told.err);
  CHECK(told.code == 2);
  CHECK(has(told.err, part));
  CHECK(json::parse(client(taskd, {"list", "--json"}).out).at("tasks").as_array().empty());
}

TEST_CASE("an export makes the same tasks on another server", "[client]") {
  TempDir dir;
  TempDir other_dir;
  TaskdProcess taskd(dir.path(), {});
  TaskdProcess other(other_dir.path(), {});
  REQUIRE(client(taskd, {"apply", "-"}, kThree).code == 0);
  REQUIRE(client(taskd, {"apply", "-"}, R"({"id":"call","name":"Call","type":"api_call","retry":{"multiplier":2.5},
      "config":{"url":"https://example.com","auth":{"bearer":"${secret.TOKEN}"}}})")
              .code == 0);
  const std::string file = dir.file("export.json");
  const auto exported = client(taskd, {"export", file});
  INFO(exported.err);
  CHECK(exported.code == 0);
  CHECK(exported.out.empty());
  const auto made = client(other, {"import", file});
  INFO(made.out << made.err);
  CHECK(made.code == 0);
  CHECK(made.err.empty());
  const auto text = client(taskd, {"export"}).out;
  CHECK(client(other, {"export"}).out == text);
  CHECK_FALSE(has(text, "\"status\""));
  CHECK_FALSE(has(client(taskd, {"apply", "-"}, text).out, "updated"));
}

TEST_CASE("secrets that are written as they are, are not exported, and that is told", "[client]") {
  TempDir dir;
  TaskdProcess taskd(dir.path(), {});
  REQUIRE(client(taskd, {"apply", "-"}, R"({"id":"call","name":"Call","type":"api_call",
      "config":{"url":"https://example.com","auth":{"bearer":"kept-to-itself"}}})")
              .code == 0);
  const auto exported = client(taskd, {"export"});
  CHECK_FALSE(has(exported.out, "kept-to-itself"));
  CHECK(has(exported.err, "task \"call\""));
}

TEST_CASE("import never changes a task that is there, unless it is told to", "[client]") {
  TempDir dir;
  TaskdProcess taskd(dir.path(), {});
  REQUIRE(client(taskd, {"apply", "-"}, R"({"id":"build","name":"Kept"})").code == 0);
  const std::string file = dir.write("tasks.json", kThree).string();
  CHECK(client(taskd, {"import", file}).out == "kept      build\ncreated   test\ncreated   deploy\n");
  CHECK(name_of(taskd, "build") == "Kept");
  CHECK(has(client(taskd, {"import", file, "--update"}).out, "updated   build\n"));
  CHECK(name_of(taskd, "build") == "Build");
}

TEST_CASE("an old tasks.json is imported, and what was left out or translated is told", "[client]") {
  TempDir dir;
  TaskdProcess taskd(dir.path(), {});
  const auto told = client(taskd, {"import", "-"}, R"([
    {"id":"task_backup","name":"Database Backup","description":"Daily","type":"script","status":"completed","priority":"high",
     "config":{"command":"pg_dump","args":["mydb",">","backup.sql"]},"schedule":"daily at 2:00","dependencies":[],
     "maxRetries":3,"retryCount":0,"timeout":300000,"createdBy":"u1","assignedTo":null,"createdAt":"2024-01-15T10:30:00.000Z",
     "nextRun":"2024-01-16T02:00:00.000Z","logs":[{"timestamp":"2024-01-15T10:30:00.000Z","level":"ERROR","message":"x"}]},
    {"id":"task_deploy","name":"Deploy","status":"cancelled","schedule":"manual","dependencies":["task_backup"],"logs":[]}])");
  INFO(told.out << told.err);
  CHECK(told.code == 0);
  CHECK(told.out == "created   task_backup\ncreated   task_deploy\n");
  CHECK(has(told.err, "task \"task_backup\": config.shell is set"));
  CHECK(has(told.err, "task \"task_deploy\": it was cancelled, and is paused here"));
  CHECK(has(told.err, "left out of 2 tasks: createdAt, createdBy, logs, nextRun, retryCount, status"));
  CHECK(read(taskd, "task_backup").at("config").at("shell") == true);
  CHECK(read(taskd, "task_deploy").at("paused") == true);
}
