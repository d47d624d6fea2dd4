// taskd with the functions of a JavaScript module, as a process of its own.
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/parse.hpp>

#include "http/taskd_process.hpp"
#include "support/catch.hpp"
#include "support/node.hpp"

using namespace taskd::testing;
namespace json = boost::json;

namespace {

std::string task(const std::string& function) {
  return R"({"id":")" + function + R"(","name":"F","type":"custom","config":{"function":")" + function + R"("}})";
}

/// Makes a task of the function and runs it once; its run, settled.
json::value run_once(TaskdProcess& taskd, const std::string& function) {
  const auto made = taskd.call("POST", "/api/tasks", task(function));
  INFO(made.body);
  REQUIRE(made.status == 201);
  const auto run = taskd.call("POST", "/api/tasks/" + function + "/execute", "{}");
  INFO(run.body);
  REQUIRE(run.status == 200);
  return json::parse(run.body);
}

/// The start fails with exactly one line, which says this.
void check_refusal(const TempDir& dir, const std::map<std::string, std::string>& settings, int exit_code,
                   const std::string& part) {
  TaskdProcess taskd(dir.path(), settings);
  CHECK(taskd.exit_code() == exit_code);
  const std::string text = taskd.read_until("");
  INFO(text);
  CHECK(text.rfind("taskd: TASK_FUNCTIONS: ", 0) == 0);
  CHECK(text.find(part) != std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
}

}  // namespace

TEST_CASE("taskd runs the functions of TASK_FUNCTIONS and takes its process along", "[functions]") {
  if (!has_node()) return;
  TempDir dir;
  dir.write("tasks.js", R"(
export async function myCustomTask(params) { return { result: 'success' }; }
export const pid = () => process.pid;
)");
  TaskdProcess taskd(dir.path(), {{"TASK_FUNCTIONS", dir.path() / "tasks.js"}});
  const auto run = run_once(taskd, "myCustomTask");
  CHECK(run.at("status") == "completed");
  CHECK(run.at("result") == json::value{{"result", "success"}});
  CHECK(taskd.call("POST", "/api/tasks", task("unknown")).status == 422);
  const auto pid = static_cast<pid_t>(run_once(taskd, "pid").at("result").as_int64());
  taskd.signal(SIGTERM);
  CHECK(taskd.exit_code() == 0);
  CHECK(::kill(pid, 0) == -1);
}

TEST_CASE("a killed taskd leaves no process behind, however busy that is", "[functions]") {
  if (!has_node()) return;
  TempDir dir;
  dir.write("tasks.js", R"(
export const pid = () => { setImmediate(() => { for (;;) {} }); return process.pid; };
)");
  TaskdProcess taskd(dir.path(), {{"TASK_FUNCTIONS", dir.path() / "tasks.js"}});
  const auto pid = static_cast<pid_t>(run_once(taskd, "pid").at("result").as_int64());
  const int process = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  REQUIRE(process >= 0);
  taskd.signal(SIGKILL);
  CHECK(taskd.exit_code() == -SIGKILL);
  pollfd ended{process, POLLIN, 0};
  CHECK(::poll(&ended, 1, 15'000) == 1);
  ::close(process);
}

TEST_CASE("a start without the module, without Node.js or with a broken module is refused in one line", "[functions]") {
  TempDir dir;
  dir.write("tasks.js", "export const f = ;");
  check_refusal(dir, {{"TASK_FUNCTIONS", dir.path() / "none.js"}}, 2, "there is no file ");
  check_refusal(dir, {{"TASK_FUNCTIONS", dir.path() / "tasks.js"}, {"PATH", dir.path()}}, 1, "apt-get install nodejs");
  if (!has_node()) return;
  check_refusal(dir, {{"TASK_FUNCTIONS", dir.path() / "tasks.js"}}, 1, "tasks.js cannot be loaded: SyntaxError: ");
}
