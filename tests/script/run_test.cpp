// What a script is given, and what becomes of its end.
#include <future>

#include "script/world.hpp"

namespace taskcore::script_test {
namespace {

std::map<std::string, std::string> environment(const Lines& lines) {
  std::map<std::string, std::string> out;
  for (const std::string& line : lines) out[line.substr(0, line.find('='))] = line.substr(line.find('=') + 1);
  return out;
}

}  // namespace

TEST_CASE("a script knows its run by its environment, and nothing else of the host's", "[script]") {
  World world;
  ::setenv("TASKCORE_TEST_SECRET", "hush", 1);
  world->create({.id = "up", .name = "up", .config = shell("echo '{\"rows\":3}'")}).value();
  world->wait(world->execute("up").value().id).value();
  TaskSpec spec{
      .id = "job", .name = "", .config = script({.command = "env", .env = {{"OWN", "x=y"}, {"TZ", "Asia/Tokyo"}}})};
  spec.dependencies = {"up"};
  const Run run = world.run(spec, {{"day", "monday"}, {"n", 7}});
  ::unsetenv("TASKCORE_TEST_SECRET");
  const auto seen = environment(world.output(run));
  CHECK(seen.at("TASK_ID") == "job");
  CHECK(seen.at("TASK_NAME") == "job");
  CHECK(seen.at("TASK_RUN_ID") == run.id);
  CHECK(seen.at("TASK_ATTEMPT") == "1");
  CHECK(boost::json::parse(seen.at("TASK_PARAMS")) == boost::json::parse(R"({"day":"monday","n":7})"));
  CHECK(boost::json::parse(seen.at("TASK_INPUT")).at("up").at("result").at("rows") == 3);
  CHECK_FALSE(seen.contains("TASK_SCHEDULED_FOR"));
  CHECK(seen.at("OWN") == "x=y");
  CHECK(seen.at("TZ") == "Asia/Tokyo");
  CHECK(seen.contains("PATH"));
  CHECK(seen.contains("HOME"));
  CHECK_FALSE(seen.contains("TASKCORE_TEST_SECRET"));
  for (const auto& [name, value] : seen)
    CHECK((name.starts_with("TASK_") || name == "PATH" || name == "HOME" || name == "LANG" || name == "TZ" ||
           name == "OWN"));
}

TEST_CASE("names that are not there are not set, and the instant of a schedule is", "[script]") {
  World world;
  std::promise<std::string> settled;
  const auto token = world->on_event([&](const Event& event) {
    if (event.type == Event::Type::run_settled) settled.set_value(event.run_id);
  });
  world->create({.id = "soon", .name = "soon", .config = script({.command = "env"}), .schedule = "now"}).value();
  const Run run = world->get_run(settled.get_future().get()).value();
  const auto seen = environment(world.output(run));
  CHECK(seen.at("TASK_SCHEDULED_FOR") == format_time(*run.scheduled_for));
  CHECK_FALSE(seen.contains("TASK_PARAMS"));
  CHECK_FALSE(seen.contains("TASK_INPUT"));
}

TEST_CASE("parameters that no environment can hold are left out, and the log says so", "[script]") {
  World world;
  const Run run = world.run(shell("echo \"${TASK_PARAMS-none}\""), boost::json::string(130 * 1024, 'x'));
  CHECK(world.output(run) == Lines{"none"});
  CHECK(world.lines(run, LogStream::system)[1].starts_with("TASK_PARAMS is left out"));
}

TEST_CASE("standard input, arguments and the shell", "[script]") {
  World world;
  CHECK(world.output(world.run(script({.command = "cat", .stdin_text = "one\ntwo"}))) == Lines{"one", "two"});
  CHECK(world.output(world.run(script({.command = "echo", .args = {"$HOME", "a  b"}}))) == Lines{"$HOME a  b"});
  CHECK(world.output(world.run(script({.command = "echo", .args = {"one", "|", "tr", "o", "0"}, .shell = true}))) ==
        Lines{"0ne"});
}

TEST_CASE("a script starts in the directory of scripts, and in no other than below the root", "[script]") {
  const TempDir dir;
  const auto root = dir.path() / "root";
  std::filesystem::create_directories(root / "inside");
  std::filesystem::create_directory(dir.path() / "root-beside");
  std::filesystem::create_directory_symlink(dir.path(), root / "out");
  World world({.script_directory = root.string(), .script_root = root.string()});
  CHECK(world.output(world.run(script({.command = "pwd"}))) == Lines{root.string()});
  CHECK(world.output(world.run(script({.command = "pwd", .cwd = "inside"}))) == Lines{(root / "inside").string()});
  CHECK(world.output(world.run(script({.command = "pwd", .cwd = (root / "inside").string()}))).size() == 1);
  for (const std::string& cwd : Lines{"..", "/", "inside/../..", dir.path() / "root-beside", "out"}) {
    const auto refused = world->create({.id = "x", .name = "x", .config = script({.command = "pwd", .cwd = cwd})});
    REQUIRE(refused.has_error());
    CHECK(refused.error().fields.at(0).pointer == "/config/cwd");
  }
  // A link that came later is found when the script runs.
  world->create({.id = "late", .name = "late", .config = script({.command = "pwd", .cwd = "later"}), .max_retries = 0})
      .value();
  std::filesystem::create_directory_symlink("/", root / "later");
  CHECK(world->wait(world->execute("late").value().id).value().error->code == "bad_cwd");
  CHECK(world.run(script({.command = "pwd", .cwd = "missing"})).error->code == "bad_cwd");
}

TEST_CASE("exit codes that are final are not tried again, others are", "[script]") {
  World world;
  const auto attempts = [&](const std::string& id, const std::string& command) {
    TaskSpec spec{
        .id = id, .name = "", .config = script({.command = command, .shell = true, .no_retry_exit_codes = {2, 64}})};
    spec.max_retries = 1;
    spec.retry = {.initial_delay = Duration(1), .jitter = Jitter::none};
    const Run run = world.run(spec);
    CHECK(run.status == Status::failed);
    CHECK(run.error->code == "exit_code");
    return run.attempts.size();
  };
  CHECK(attempts("final", "exit 64") == 1);
  CHECK(attempts("again", "exit 3") == 2);
}

TEST_CASE("the last line of output is the result when it is JSON", "[script]") {
  World world;
  CHECK(world.run(shell("echo first; echo '{\"ok\":true}'")).result == boost::json::parse(R"({"ok":true})"));
  CHECK(world.run(shell("echo '{\"ok\":true}'; echo last")).result.is_null());
}

TEST_CASE("each attempt says what it used", "[script]") {
  World world;
  const Run run = world.run(shell("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; exit 0"));
  const auto entries = world.logs(run.id);
  REQUIRE(entries.size() == 3);
  const LogEntry& used = entries[1];
  CHECK(used.level == LogLevel::info);
  CHECK(used.stream == LogStream::system);
  CHECK(used.attempt == 1);
  CHECK(used.message.starts_with("used 0."));
  CHECK(used.message.ends_with(" MB at its peak"));
  CHECK(used.data.at("cpuMs").as_int64() >= 10);
  CHECK(used.data.at("peakBytes").as_int64() > 500 * 1000);
  CHECK(used.data.at("peakBytes").as_int64() < 20 * 1000 * 1000);
}

TEST_CASE("what the script started counts, a program that did not start does not", "[script]") {
  World world;
  // In the background, below a process that is gone: 40 MB and some work.
  const Run run = world.run(shell("(head -c 40000000 /dev/zero | tail -c 40000000 | wc -c > /dev/null) & wait"));
  CHECK(world.logs(run.id)[1].data.at("peakBytes").as_int64() > 40 * 1000 * 1000);
  const Run none = world.run(script({.command = "/no/such/program"}));
  CHECK(none.error->code == "exec_failed");
  CHECK(world.logs(none.id).size() == 2);
}

}  // namespace taskcore::script_test
