// Who may do what, through the interface.
#include "http/test_app.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;

namespace {

constexpr std::string_view kTask = R"({"id":"t","name":"T","assignedTo":["bob","vera"]})";

/// Every call on a task, with what an owner gets.
struct Verb {
  std::string_view method;
  std::string_view target;
  std::string_view body;
  int owner;
  int assignee;
  int viewer;
};

const std::vector<Verb> kCalls{{"GET", "/api/tasks/t", "", 200, 200, 200},
                               {"GET", "/api/tasks/t/runs", "", 200, 200, 200},
                               {"GET", "/api/tasks/t/logs", "", 200, 200, 200},
                               {"POST", "/api/tasks/t/execute", "", 202, 202, 403},
                               {"POST", "/api/tasks/t/cancel", "", 200, 200, 403},
                               {"POST", "/api/tasks/t/pause", "", 200, 200, 403},
                               {"POST", "/api/tasks/t/resume", "", 200, 200, 403},
                               {"PUT", "/api/tasks/t", R"({"description":"x"})", 200, 403, 403},
                               {"PATCH", "/api/tasks/t", R"({"tags":["x"]})", 200, 403, 403},
                               {"DELETE", "/api/tasks/t", "", 204, 403, 403}};

std::string without(std::string text, const std::string& word) {
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos;) text.replace(at, word.size(), "_");
  return text;
}

}  // namespace

TEST_CASE("each relation may do what the table says", "[access]") {
  for (const Verb& call : kCalls) {
    INFO(std::string(call.method) + " " + std::string(call.target));
    const auto ask = [&](std::string_view who) {
      TestApp app;
      REQUIRE(app.post("alice", "/api/tasks", kTask).status == 201);
      return app.call(who, call.method, call.target, call.body).status;
    };
    CHECK(ask("root:admin") == call.owner);
    CHECK(ask("alice") == call.owner);
    CHECK(ask("bob") == call.assignee);
    CHECK(ask("vera:viewer") == call.viewer);
    CHECK(ask("alice:viewer") == call.viewer);  // The role caps the owner too.
    CHECK(ask("mallory") == 404);
    CHECK(ask("mallory:viewer") == 404);
    CHECK(ask("") == 401);
  }
}

TEST_CASE("a stranger cannot tell a hidden task from none, byte for byte", "[access]") {
  TestApp app;
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"hidden","name":"T"})").status == 201);
  REQUIRE(app.post("alice", "/api/tasks/hidden/execute").status == 202);
  for (const Verb& call : kCalls) {
    for (const std::string_view body : {call.body, std::string_view("{\"nonsense\":1}"), std::string_view("{")}) {
      for (const std::string_view match : {"*", "\"1\"", "\"77\""}) {
        const auto ask = [&](const std::string& id) {
          const std::string target = "/api/tasks/" + id + std::string(call.target.substr(12));
          return app.call("mallory", call.method, target, call.method == "GET" ? "" : body, {{"If-Match", match}});
        };
        const AppAnswer hidden = ask("hidden");
        const AppAnswer none = ask("nobody");
        INFO(std::string(call.method) + " " + std::string(call.target) + " " + hidden.text);
        CHECK(hidden.status == none.status);
        CHECK(without(hidden.text, "hidden") == without(none.text, "nobody"));
        CHECK(hidden.headers.size() == none.headers.size());
      }
    }
  }
  const AppAnswer run = app.get("mallory", "/api/runs/run_1");
  const AppAnswer no_run = app.get("mallory", "/api/runs/run_9");
  CHECK(run.status == 404);
  CHECK(without(run.text, "run_1") == without(no_run.text, "run_9"));
  CHECK(app.post("mallory", "/api/runs/run_1/cancel").text == app.get("mallory", "/api/runs/run_1").text);
  CHECK(app.post("mallory", "/api/runs/run_1/signal").text == app.get("mallory", "/api/runs/run_1").text);
  CHECK(app.get("mallory", "/api/runs/run_1/logs").status == 404);
}

TEST_CASE("a dependency that the caller may not see does not exist for them", "[access]") {
  TestApp app;
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"secret","name":"S"})").status == 201);
  const AppAnswer hidden = app.post("bob", "/api/tasks", R"({"id":"x","name":"X","dependencies":["secret"]})");
  const AppAnswer none = app.post("bob", "/api/tasks", R"({"id":"x","name":"X","dependencies":["nobody"]})");
  CHECK(hidden.status == 422);
  CHECK(without(hidden.text, "secret") == without(none.text, "nobody"));
  CHECK(app.post("alice", "/api/tasks", R"({"id":"y","name":"Y","dependencies":["secret"]})").status == 201);
}

TEST_CASE("lists and statistics show only what the caller sees", "[access]") {
  TestApp app;
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"a","name":"A"})").status == 201);
  REQUIRE(app.post("bob", "/api/tasks", R"({"id":"b","name":"B","assignedTo":"carol"})").status == 201);
  REQUIRE(app.post("alice", "/api/tasks/a/execute").status == 202);
  const auto count = [&](std::string_view who) {
    return std::pair(app.get(who, "/api/tasks").body.at("tasks").as_array().size(),
                     app.get(who, "/api/tasks/stats").body.at("total").as_int64());
  };
  CHECK(count("alice") == std::pair(std::size_t{1}, std::int64_t{1}));
  CHECK(count("carol:viewer") == std::pair(std::size_t{1}, std::int64_t{1}));
  CHECK(count("dave") == std::pair(std::size_t{0}, std::int64_t{0}));
  CHECK(count("root:admin") == std::pair(std::size_t{2}, std::int64_t{2}));
  CHECK(app.get("bob", "/api/runs").body.at("runs").as_array().empty());
  CHECK(app.get("alice", "/api/runs").body.at("runs").as_array().size() == 1);
}

TEST_CASE("viewers do not create, and scripts are for the roles that may", "[access]") {
  TestApp app(ScriptRoles{true, false, false});
  const std::string_view script =
      R"({"id":"s","name":"S","type":"script","config":{"command":"true"},"assignedTo":["bob"]})";
  CHECK(app.post("vera:viewer", "/api/tasks", R"({"name":"V"})").status == 403);
  CHECK(app.post("bob", "/api/tasks", script).status == 403);
  REQUIRE(app.post("bob", "/api/tasks", R"({"id":"plain","name":"P"})").status == 201);
  CHECK(app.call("bob", "PATCH", "/api/tasks/plain", R"({"type":"script","config":{"command":"true"}})").status == 403);
  REQUIRE(app.post("root:admin", "/api/tasks", script).status == 201);
  CHECK(app.post("bob", "/api/tasks/s/execute").status == 403);
  CHECK(app.post("bob", "/api/tasks/s/pause").status == 200);
}

TEST_CASE("a program that is not on the list is told with its field", "[access]") {
  TestApp app({}, {.script_programs = {"true"}});
  CHECK(app.post("bob", "/api/tasks", R"({"id":"s","name":"S","type":"script","config":{"command":"true"}})").status ==
        201);
  const auto refused = [&](std::string_view config) {
    const auto answer = app.call("bob", "PATCH", "/api/tasks/s", R"({"config":)" + std::string(config) + "}");
    CHECK(answer.status == 422);
    return answer.body.at("errors").at(0).at("pointer");
  };
  CHECK(refused(R"({"command":"rm"})") == "/config/command");
  CHECK(refused(R"({"shell":true})") == "/config/shell");
}

TEST_CASE("below /api nothing is told without a token; probes need none", "[access]") {
  TestApp app;
  CHECK(app.get("", "/api/nothing").status == 401);
  CHECK(app.get("", "/nothing").status == 404);
  CHECK(app.get("alice", "/api/nothing").status == 404);
  CHECK(app.get("", "/livez").status == 200);
  CHECK(app.get("", "/readyz").status == 200);
}

TEST_CASE("readiness tells which time zones are in use", "[access]") {
  TestApp app;
  const auto zones = app.get("", "/readyz").body.at("timeZoneDatabase").as_object();
  CHECK(zones.at("inUse") == zones.at("installed"));
  CHECK_FALSE(zones.at("restartNeeded").as_bool());
}
