// taskd with shared libraries that bring functions and types of task, as a process of its own.
#include <signal.h>

#include <algorithm>
#include <boost/json/parse.hpp>

#include "http/taskd_process.hpp"
#include "support/catch.hpp"

using namespace taskd::testing;
namespace json = boost::json;

#ifdef EXAMPLE_PLUGIN  // The examples are built, too.
namespace {

json::value execute(TaskdProcess& taskd, const std::string& id) {
  const auto run = taskd.call("POST", "/api/tasks/" + id + "/execute", "{}");
  INFO(run.body);
  REQUIRE(run.status == 200);
  return json::parse(run.body);
}

}  // namespace

TEST_CASE("a plugin brings a function and a type of task", "[plugins]") {
  TempDir dir;
  TaskdProcess taskd(dir.path(), {{"TASK_PLUGINS", EXAMPLE_PLUGIN}});
  const auto made = taskd.call("POST", "/api/tasks", R"({"id":"s","name":"S","type":"custom","maxRetries":0,
      "config":{"function":"sum","params":{"numbers":[1,2,3.5]}}})");
  INFO(made.body);
  REQUIRE(made.status == 201);
  CHECK(execute(taskd, "s").at("result") == json::value(6.5));
  // An exception that the plugin throws is caught in the library.
  const auto wrong = json::parse(taskd.call("POST", "/api/tasks/s/execute", R"({"params":{"numbers":"none"}})").body);
  CHECK(wrong.at("status") == "failed");
  CHECK(wrong.at("error").at("code") == "exception");

  const auto refused = taskd.call("POST", "/api/tasks", R"({"name":"D","type":"disk_space","config":{"path":1}})");
  CHECK(refused.status == 422);
  CHECK(refused.body.find("/config/path") != std::string::npos);
  REQUIRE(taskd
              .call("POST", "/api/tasks", R"({"id":"d","name":"D","type":"disk_space",
      "config":{"path":"/","leastFree":0}})")
              .status == 201);
  CHECK(execute(taskd, "d").at("status") == "completed");
  taskd.signal(SIGTERM);
  CHECK(taskd.exit_code() == 0);
}
#endif

TEST_CASE("a library that is no plugin, or none for this host, is refused in one line", "[plugins]") {
  const auto [file, exit_code, part] = GENERATE(table<std::string, int, std::string>({
      {"/does/not/exist.so", 2, "there is no such file"},
      {"/etc/hostname", 1, "/etc/hostname"},
      {FAULTY_NO_SYMBOL, 1, "it has no taskcore_plugin_abi"},
      {FAULTY_OTHER_ABI, 1, "it is for \"taskcore 0.0.0, Boost 1_0\", this is \"taskcore "},
      {FAULTY_THROWS, 1, "failed to register: no licence"},
      {FAULTY_UNRESOLVED, 1, "undefined symbol"},
  }));
  TempDir dir;
  TaskdProcess taskd(dir.path(), {{"TASK_PLUGINS", file}});
  CHECK(taskd.exit_code() == exit_code);
  const std::string text = taskd.read_until("");
  INFO(text);
  CHECK(text.rfind("taskd: TASK_PLUGINS: " + file + ": ", 0) == 0);
  CHECK(text.find(part) != std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
}
