// Dead letters, and calls on many runs, through the interface.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "http/test_app.hpp"
#include "support/catch.hpp"
#include "taskcore/function.hpp"

using namespace taskd;
using namespace taskd::testing;
namespace json = boost::json;

namespace {

constexpr std::string_view kWait = "wait=15";

void add_bad(TestApp& app) {
  app.scheduler().function("bad", [](taskcore::RunContext&, const json::value&) { throw std::runtime_error("bad"); });
}

void make(TestApp& app, std::string_view who, const std::string& id, const std::string& more = {}) {
  const std::string body = R"({"id":")" + id + R"(","name":"T","type":"custom","maxRetries":0,"overlap":"allow",)" +
                           more + R"("config":{"function":"bad"}})";
  REQUIRE(app.post(who, "/api/tasks", body).status == 201);
}

/// The id of a run of the task that has ended.
std::string run_of(TestApp& app, const std::string& id) {
  const auto run = app.call("root:admin", "POST", "/api/tasks/" + id + "/execute", "", {{"Prefer", kWait}});
  REQUIRE(run.status == 200);
  return std::string(run.body.at("id").as_string());
}

std::string list(const std::vector<std::string>& ids) { return json::serialize(json::array(ids.begin(), ids.end())); }

std::vector<std::string> ids_of(const json::value& runs) {
  std::vector<std::string> out;
  for (const auto& run : runs.as_array()) out.emplace_back((run.is_object() ? run.at("id") : run).as_string());
  return out;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("dead letters are listed and redriven", "[bulk]") {
  TestApp app;
  add_bad(app);
  make(app, "alice", "a");
  make(app, "bob", "b");
  const std::string first = run_of(app, "a");
  const std::string second = run_of(app, "a");
  const std::string his = run_of(app, "b");
  const auto dead = [&](std::string_view who, const std::string& query = "") {
    const auto answer = app.get(who, "/api/dead-letters" + query);
    REQUIRE(answer.status == 200);
    return ids_of(answer.body.at("runs"));
  };
  CHECK(dead("alice") == Ids{second, first});
  CHECK(dead("root:admin") == Ids{his, second, first});
  CHECK(dead("alice", "?taskId=a&sort=createdAt&trigger=manual&limit=1") == Ids{first});
  CHECK(dead("alice", "?finishedBefore=2001-01-01T00:00:00Z").empty());
  CHECK(app.get("alice", "/api/dead-letters?status=failed").status == 400);
  CHECK(app.get("alice", "/api/dead-letters?trigger=luck").status == 400);
  CHECK(app.get("alice", "/api/dead-letters?taskId=b").status == 404);
  CHECK(app.get("", "/api/dead-letters").status == 401);

  const auto dry = app.post("alice", "/api/dead-letters:redrive", R"({"filter":{},"dryRun":true})");
  REQUIRE(dry.status == 200);
  CHECK(dry.body == json::parse(R"({"dryRun":true,"matched":2,"done":2,"ids":)" + list({first, second}) +
                                R"(,"more":false,"nextCursor":null})"));
  CHECK(dead("alice") == Ids{second, first});
  const auto did = app.post("alice", "/api/dead-letters:redrive", R"({"ids":)" + list({first, his, "none"}) + "}");
  REQUIRE(did.status == 200);
  CHECK(did.body.at("matched") == 1);
  CHECK(did.body.at("done") == 1);
  CHECK(ids_of(did.body.at("ids")) == Ids{first});
  const Ids made = ids_of(did.body.at("made"));
  REQUIRE(made.size() == 1);
  REQUIRE(app.scheduler().wait(made[0]).has_value());
  CHECK(app.get("alice", "/api/runs/" + made[0]).body.at("retryOf").as_string() == std::string_view(first));
  CHECK(dead("alice") == Ids{made[0], second});
}

TEST_CASE("runs are retried, deleted and cancelled by filter", "[bulk]") {
  TestApp app;
  add_bad(app);
  make(app, "alice", "a");
  Ids runs;
  for (int i = 0; i < 3; ++i) runs.push_back(run_of(app, "a"));
  const auto retried = app.post("alice", "/api/runs:retry", R"({"filter":{"taskId":"a","status":["failed"]}})");
  REQUIRE(retried.status == 200);
  CHECK(ids_of(retried.body.at("ids")) == runs);
  for (const std::string& id : ids_of(retried.body.at("made"))) REQUIRE(app.scheduler().wait(id).has_value());
  const auto removed = app.post("alice", "/api/runs:delete", R"({"filter":{"taskId":"a","trigger":"manual"}})");
  REQUIRE(removed.status == 200);
  CHECK(removed.body.at("done") == 3);
  CHECK_FALSE(removed.body.as_object().contains("made"));
  const auto rest = app.post("alice", "/api/runs:delete", R"({"filter":{"taskId":"a"}})");
  CHECK(rest.body.at("matched") == 3);
  CHECK(rest.body.at("done") == 2);  // its newest stays
  CHECK(app.get("alice", "/api/runs?taskId=a").body.at("runs").as_array().size() == 1);
  const auto none = app.post("alice", "/api/runs:cancel", R"({"filter":{"createdAfter":"2001-01-01T00:00:00Z"}})");
  REQUIRE(none.status == 200);
  CHECK(none.body.at("matched") == 0);
}

TEST_CASE("a bulk call tells all that is wrong with its body", "[bulk]") {
  TestApp app;
  const auto fields = [&](std::string_view body, std::string_view path = "/api/runs:retry") {
    const auto answer = app.post("alice", path, body);
    REQUIRE(answer.status == 422);
    std::string all;
    for (const auto& error : answer.body.at("errors").as_array()) all += error.at("pointer").as_string();
    return all;
  };
  CHECK(fields("{}") == "/filter");
  CHECK(fields(R"({"dryRun":true})") == "/filter");
  CHECK(fields(R"({"filter":{},"ids":["run_1"]})") == "/ids");
  CHECK(fields(R"({"ids":[]})") == "/ids");
  CHECK(fields(R"({"ids":["run_1","run_1"]})") == "/ids/1");
  CHECK(fields(R"({"ids":"run_1"})") == "/ids");
  CHECK(fields(R"({"ids":[1],"filter":null,"dryRun":1,"x":1})") == "/ids/0/filter/dryRun/x");
  CHECK(fields(R"({"filter":{"status":"ended","trigger":[],"taskId":7,"createdAfter":"now","limit":5}})") ==
        "/filter/status/filter/trigger/filter/taskId/filter/createdAfter/filter/limit");
  CHECK(fields(R"({"filter":{"status":["failed",7],"cursor":"rubbish"}})") == "/filter/status/1");
  CHECK(fields(R"({"filter":{"cursor":"rubbish"}})") == "/filter/cursor");
  CHECK(fields(R"({"filter":{"status":"failed"}})", "/api/dead-letters:redrive") == "/filter/status");
  CHECK(app.post("alice", "/api/runs:retry").status == 400);
  CHECK(app.post("alice", "/api/runs:retry?dryRun=true", R"({"filter":{}})").status == 400);
  CHECK(app.get("alice", "/api/runs:retry").status == 405);
}

TEST_CASE("a bulk call acts on what its caller may do alone, and tells of nothing else", "[bulk]") {
  TestApp app;
  add_bad(app);
  make(app, "alice", "a", R"("assignedTo":"bob",)");
  make(app, "alice", "hidden");
  const std::string of_a = run_of(app, "a");
  const std::string newer = run_of(app, "a");
  const std::string hidden = run_of(app, "hidden");
  const auto ask = [&](std::string_view who, std::string_view path, const std::string& which) {
    return app.post(who, path, "{" + which + R"(,"dryRun":true})");
  };
  const std::string all = R"("filter":{})";
  const std::string both = R"("ids":)" + list({of_a, newer, hidden});
  for (const std::string& which : {all, both}) {
    const auto done = [&](std::string_view who, std::string_view path) {
      const auto answer = ask(who, path, which);
      REQUIRE(answer.status == 200);
      return ids_of(answer.body.at("ids"));
    };
    for (const std::string_view path : {"/api/runs:retry", "/api/dead-letters:redrive"}) {
      CHECK(done("alice", path) == Ids{of_a, newer, hidden});
      CHECK(done("root:admin", path) == Ids{of_a, newer, hidden});
      CHECK(done("bob", path) == Ids{of_a, newer});
      CHECK(done("mallory", path).empty());
    }
    CHECK(done("alice", "/api/runs:delete") == Ids{of_a});
    CHECK(ask("bob", "/api/runs:delete", which).body.at("matched") == 0);  // an assignee deletes nothing
    for (const std::string_view path :
         {"/api/runs:cancel", "/api/runs:retry", "/api/runs:delete", "/api/dead-letters:redrive"}) {
      CHECK(ask("bob:viewer", path, which).status == 403);
      CHECK(ask("alice:viewer", path, which).status == 403);
      CHECK(ask("", path, which).status == 401);
    }
  }
  const auto of_task = [&](const std::string& id) {
    return ask("mallory", "/api/runs:retry", R"("filter":{"taskId":")" + id + "\"}");
  };
  CHECK(of_task("hidden").status == 404);
  CHECK(of_task("nobody").status == 404);
  CHECK(app.get("mallory", "/api/runs?taskId=hidden").status == 404);
}

TEST_CASE("a role that may not run scripts repeats none", "[bulk]") {
  TestApp app({.user = false});
  REQUIRE(app.post("root:admin", "/api/tasks",
                   R"({"id":"s","name":"S","type":"script","config":{"command":"true"},"assignedTo":"bob"})")
              .status == 201);
  const std::string run = run_of(app, "s");
  const std::string which = R"({"ids":)" + list({run}) + R"(,"dryRun":true})";
  CHECK(app.post("bob", "/api/runs:retry", which).body.at("matched") == 0);
  CHECK(app.post("root:admin", "/api/runs:retry", which).body.at("matched") == 1);
}
