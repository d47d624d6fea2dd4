// Placeholders over REST: what is refused with its place, and what a run says that lacks a value.
#include "http/test_app.hpp"
#include "support/catch.hpp"
#include "taskcore/function.hpp"

using namespace taskd;
using namespace taskd::testing;
namespace json = boost::json;

TEST_CASE("placeholders are shown as they are written, filled for the run, and refused where they cannot be",
          "[fill]") {
  TestApp app;
  app.scheduler().function("give", [](taskcore::RunContext&, const json::value& params) { return params; });
  REQUIRE(app.post("alice", "/api/tasks",
                   R"({"id":"up","name":"U","type":"custom","config":{"function":"give","params":{"n":7}}})")
              .status == 201);
  const auto made = app.post("alice", "/api/tasks", R"({"id":"down","name":"D","type":"custom","dependencies":["up"],
    "config":{"function":"give","params":{"n":"${dependencies.up.result.n}","who":"${params.who}"}}})");
  REQUIRE(made.status == 201);
  CHECK(made.body.at("config").at("params").at("n") == "${dependencies.up.result.n}");

  const auto run = [&](const char* task, const char* body) {
    const auto answer =
        app.call("alice", "POST", "/api/tasks/" + std::string(task) + "/execute", body, {{"Prefer", "wait=60"}});
    REQUIRE(answer.status == 200);
    return answer.body;
  };
  run("up", "{}");
  CHECK(run("down", R"({"params":{"who":"bob"}})").at("result") == json::value{{"n", 7}, {"who", "bob"}});
  const auto error = run("down", "{}").at("error");
  CHECK(error.at("code") == "missing_value");
  CHECK(error.at("retryable") == false);
  CHECK(error.at("data").at("pointer") == "/config/params/who");

  const auto refused = app.call("alice", "PATCH", "/api/tasks/down", R"({"dependencies":[]})");
  REQUIRE(refused.status == 422);
  CHECK(refused.body.at("errors").at(0).at("pointer") == "/config/params/n");
}
