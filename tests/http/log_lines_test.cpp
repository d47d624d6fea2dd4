// taskd's log as a whole program writes it: JSON lines, what DEBUG adds, and that no secret is in it.
#include <signal.h>

#include <boost/json.hpp>
#include <sstream>

#include "http/taskd_process.hpp"
#include "support/catch.hpp"

using namespace taskd::testing;
namespace json = boost::json;

namespace {

/// Runs a server with these settings through some calls, and gives all that it said.
std::string said(const std::map<std::string, std::string>& settings) {
  TempDir dir;
  TaskdProcess taskd(dir.path(), settings);
  CHECK(taskd.call("POST", "/api/tasks?onConflict=keep", R"({"id":"a","name":"body-text"})").status == 201);
  CHECK(taskd.call("POST", "/api/tasks/a/execute", "{}").status == 200);
  CHECK(taskd.call("GET", "/api/tasks/none").status == 404);
  const std::string token = taskd.token();
  taskd.signal(SIGTERM);
  CHECK(taskd.exit_code() == 0);
  const std::string text = taskd.read_until("");
  CHECK(text.find(token) == std::string::npos);
  CHECK(text.find("body-text") == std::string::npos);
  CHECK(text.find("onConflict") == std::string::npos);
  return text;
}

std::vector<json::object> json_lines(const std::string& text) {
  std::vector<json::object> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("{")) out.push_back(json::parse(line).as_object());
  }
  return out;
}

}  // namespace

TEST_CASE("in JSON each line is an object, and a request's has its fields", "[serve]") {
  const auto lines = json_lines(said({{"TASK_LOG_FORMAT", "json"}}));
  bool found = false;
  bool stops = false;
  for (const json::object& line : lines) {
    for (const char* name : {"time", "level", "component", "message"}) CHECK(line.at(name).is_string());
    CHECK(line.at("level") != "debug");
    stops |= line.at("component") == "taskd" && line.at("message") == "stopping";
    if (!line.contains("status") || line.at("status") != 404) continue;
    found = true;
    CHECK(line.at("component") == "http");
    CHECK(line.at("message") == "request");
    CHECK(line.at("route") == "/api/tasks/:id");
    CHECK(line.at("path") == "/api/tasks/none");
    CHECK(line.at("user") == "root");
    CHECK(line.at("durationMs").is_double());
  }
  CHECK(found);
  CHECK(stops);
}

TEST_CASE("DEBUG adds the lines of the components that it names", "[serve]") {
  const std::string all = said({{"DEBUG", "task:*"}});
  CHECK(all.find(" D scheduler: run.settled task=a run=") != std::string::npos);
  CHECK(all.find(" D http: POST /api/tasks has come from 127.0.0.1") != std::string::npos);
  const std::string some = said({{"DEBUG", "express,task:*,-task:http"}});
  CHECK(some.find(" D scheduler: ") != std::string::npos);
  CHECK(some.find(" D http: ") == std::string::npos);
  CHECK(some.find(" I http: ") != std::string::npos);
  CHECK(said({}).find(" D ") == std::string::npos);
}
