// taskd as a client of a running taskd: list, show, run, logs.
#include <boost/json/parse.hpp>
#include <sstream>

#include "http/client_process.hpp"
#include "http/taskd_process.hpp"
#include "support/catch.hpp"

using namespace taskd::testing;
namespace json = boost::json;

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::map<std::string, std::string> environment_of(TaskdProcess& taskd) {
  return {{"TASK_URL", taskd.url()}, {"TASK_TOKEN", taskd.token()}, {"TZ", "UTC"}};
}

ClientProcess::Told client(TaskdProcess& taskd, const std::vector<std::string>& words) {
  return ClientProcess(words, environment_of(taskd)).finish();
}

void make(TaskdProcess& taskd, std::string_view task) {
  const auto made = taskd.call("POST", "/api/tasks", task);
  INFO(made.body);
  REQUIRE(made.status == 201);
}

constexpr std::string_view kEcho =
    R"({"id":"echo","name":"Echo","type":"script","maxRetries":0,"config":{"command":"echo","args":["{\"sum\":3}"]}})";

}  // namespace

TEST_CASE("a client lists tasks in aligned columns, and as the server has them", "[client]") {
  TempDir dir;
  TaskdProcess taskd(dir.path(), {});
  make(taskd, R"({"id":"a","name":"First","tags":["x"]})");
  make(taskd, R"({"id":"longer","name":"Zweite Grüße","schedule":"every 5 minutes","paused":true})");
  const auto listed = client(taskd, {"list"});
  CHECK(listed.code == 0);
  INFO(listed.out << listed.err);
  std::istringstream lines(listed.out);
  std::string line;
  std::getline(lines, line);
  CHECK(line.rfind("ID      NAME          STATUS", 0) == 0);
  std::getline(lines, line);
  CHECK(line.rfind("longer  Zweite Grüße  pending, paused  every 5 minutes", 0) == 0);
  CHECK_FALSE(has(listed.out, "\x1b"));

  const auto page = json::parse(client(taskd, {"list", "--json", "--tag", "x"}).out);
  REQUIRE(page.at("tasks").as_array().size() == 1);
  CHECK(page.at("tasks").at(0).at("id") == "a");
  const auto first = client(taskd, {"list", "--limit", "1"});
  CHECK_FALSE(has(first.out, "First"));
  CHECK(has(first.err, "--all"));
  CHECK(json::parse(client(taskd, {"list", "--all", "--json"}).out).at("tasks").as_array().size() == 2);
  CHECK(client(taskd, {"list", "-q", "none such"}).out.empty());
}

TEST_CASE("a client runs a task, waits for it and prints its result", "[client]") {
  TempDir dir;
  TaskdProcess taskd(dir.path(), {});
  make(taskd, kEcho);
  make(taskd, R"({"id":"bad","name":"Bad","type":"script","maxRetries":0,"config":{"command":"false"}})");
  const auto done = client(taskd, {"run", "echo", "--wait"});
  CHECK(done.code == 0);
  CHECK(done.out == "{\"sum\": 3}\n");
  CHECK(done.err.empty());
  const auto failed = client(taskd, {"run", "bad", "--wait"});
  CHECK(failed.code == 1);
  CHECK(failed.out.empty());
  CHECK(has(failed.err, " failed: exit_code: "));
  const auto document = client(taskd, {"run", "bad", "--wait", "--json"});
  CHECK(document.code == 1);
  CHECK(json::parse(document.out).at("status") == "failed");
  const auto started = client(taskd, {"run", "echo", "--params", R"({"day":1})"});
  CHECK(started.code == 0);
  CHECK(started.out.rfind("run_", 0) == 0);
  const std::string id = started.out.substr(0, started.out.size() - 1);
  CHECK(json::parse(client(taskd, {"show", id, "--json"}).out).at("params") == json::parse(R"({"day":1})"));
  CHECK(client(taskd, {"run", "echo", "--params", "[1]"}).code == 2);
}

TEST_CASE("a client shows a task with its last runs, and a run with its attempts", "[client]") {
  TempDir dir;
  TaskdProcess taskd(dir.path(), {});
  make(taskd, kEcho);
  const auto run = json::parse(taskd.call("POST", "/api/tasks/echo/execute", R"({"params":{"day":"\u001b[2J"}})").body);
  const std::string id(std::string_view(run.at("id").as_string()));
  const auto task = client(taskd, {"show", "echo"});
  INFO(task.out << task.err);
  CHECK(task.code == 0);
  for (const char* part :
       {"ID        echo", "Schedule  manual", "Type      script", "Config", "Last runs", "completed"}) {
    CHECK(has(task.out, part));
  }
  CHECK(has(task.out, id));
  const auto shown = client(taskd, {"show", id});
  INFO(shown.out << shown.err);
  CHECK(shown.code == 0);
  for (const char* part : {"Attempts", "manual", "{\"day\": \"\\u001b[2J\"}", "{\"sum\": 3}"})
    CHECK(has(shown.out, part));
  CHECK_FALSE(has(shown.out, "\x1b"));
}

TEST_CASE("a client prints logs, and JSON one line each", "[client]") {
  TempDir dir;
  TaskdProcess taskd(dir.path(), {});
  make(
      taskd,
      R"({"id":"a","name":"A","type":"script","config":{"command":"printf 'red \\033[31m\\n'; echo two >&2","shell":true}})");
  const auto run = json::parse(taskd.call("POST", "/api/tasks/a/execute", "{}").body);
  const std::string id(std::string_view(run.at("id").as_string()));
  const auto logs = client(taskd, {"logs", "a"});
  INFO(logs.out << logs.err);
  CHECK(logs.code == 0);
  CHECK(has(logs.out, id + " red \\x1b[31m\n"));
  CHECK_FALSE(has(logs.out, "\x1b"));
  const auto of_run = client(taskd, {"logs", id, "--json", "--since", "1h"});
  std::istringstream lines(of_run.out);
  std::string messages;
  for (std::string line; std::getline(lines, line);) {
    messages += std::string(std::string_view(json::parse(line).at("message").as_string())) + "\n";
  }
  CHECK(has(messages, "red \x1b[31m\n"));
  CHECK(has(messages, "two\n"));
  CHECK_FALSE(has(client(taskd, {"logs", id, "--level", "error"}).out, "two"));
}
