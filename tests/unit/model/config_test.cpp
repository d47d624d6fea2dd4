// Task configurations written in C++.
#include <boost/json/parse.hpp>

#include "support/catch.hpp"
#include "taskcore/task.hpp"

using namespace taskcore;
namespace json = boost::json;

TEST_CASE("a script of a command alone says nothing else") {
  const TaskConfig config = script({.command = "true"});
  CHECK(config.type == "script");
  CHECK(json::value(config.values) == json::parse(R"({"command": "true"})"));
}

TEST_CASE("a script carries all that it was given") {
  const TaskConfig config = script({.command = "pg_dump",
                                    .args = {"-U", "me"},
                                    .cwd = "/backups",
                                    .env = {{"A", "1"}, {"B", "2"}, {"A", "3"}},
                                    .stdin_text = "input",
                                    .shell = true,
                                    .no_retry_exit_codes = {2, 64}});
  CHECK(json::value(config.values) == json::parse(R"({"command": "pg_dump", "args": ["-U", "me"], "cwd": "/backups",
      "env": {"A": "3", "B": "2"}, "stdin": "input", "shell": true, "noRetryExitCodes": [2, 64]})"));
}

TEST_CASE("a call names its function, and its parameters where there are any") {
  CHECK(call("tick").type == "custom");
  CHECK(json::value(call("tick").values) == json::parse(R"({"function": "tick"})"));
  CHECK(json::value(call("greet", {{"name", "world"}}).values) ==
        json::parse(R"({"function": "greet", "params": {"name": "world"}})"));
  CHECK(json::value(call("greet", json::object{{"deep", {{"a", 1}}}}).values) ==
        json::parse(R"({"function": "greet", "params": {"deep": {"a": 1}}})"));
}

TEST_CASE("a task that says nothing does nothing") {
  CHECK(TaskConfig{}.type == "custom");
  CHECK(TaskConfig{}.values.empty());
}
