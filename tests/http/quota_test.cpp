// Quotas over REST: what is refused, and what is told of them.
#include <thread>

#include "http/test_app.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;
namespace json = boost::json;

namespace {

taskcore::Options with(taskcore::Quota quota) {
  taskcore::Options options;
  options.quota = quota;
  return options;
}

std::string detail(const AppAnswer& answer) { return std::string(answer.body.at("detail").as_string()); }

}  // namespace

TEST_CASE("a call beyond the quota is 403 and says which, how much and of how much", "[quota]") {
  TestApp app({}, with({.tasks = 2}));
  CHECK(app.post("alice", "/api/tasks", R"({"id":"a","name":"A"})").status == 201);
  const auto batch = app.post("alice", "/api/tasks:batch", R"([{"name":"B"},{"name":"C"}])");
  CHECK(batch.status == 403);
  CHECK(detail(batch) == "exceeded quota of tasks: 'alice' has 1 of 2, and this would add 2");
  CHECK(app.post("alice", "/api/tasks", R"({"id":"b","name":"B"})").status == 201);
  const auto one = app.call("alice", "POST", "/api/tasks", R"({"id":"c","name":"C"})", {{"Idempotency-Key", "k"}});
  CHECK(one.status == 403);
  CHECK(one.headers.get("Content-Type") == "application/problem+json");
  CHECK(app.get("alice", "/api/tasks/c").status == 404);
  CHECK(app.post("bob", "/api/tasks", R"({"name":"D"})").status == 201);
  CHECK(app.call("alice", "DELETE", "/api/tasks/a").status == 204);
  CHECK(app.call("alice", "POST", "/api/tasks", R"({"id":"c","name":"C"})", {{"Idempotency-Key", "k"}}).status == 201);
}

TEST_CASE("the owner's quota bounds what assignees start, and administrators have none", "[quota]") {
  TestApp app({}, with({.runs = 1}));
  const char* waits =
      R"({"id":"w","name":"W","type":"custom","config":{"function":"wait_for_signal"},"overlap":"allow","assignedTo":["bob"]})";
  REQUIRE(app.post("alice", "/api/tasks", waits).status == 201);
  CHECK(app.post("bob", "/api/tasks/w/execute").status == 202);
  const auto refused = app.post("bob", "/api/tasks/w/execute");
  CHECK(refused.status == 403);
  CHECK(detail(refused) == "exceeded quota of live runs: who made the task has no room for 1 more");
  CHECK(app.post("carl", "/api/tasks/w/execute").status == 404);
  CHECK(app.post("root:admin", "/api/tasks/w/execute").status == 202);
  CHECK(app.get("alice", "/api/quota").body.at("runs") == json::value({{"used", 2}, {"limit", 1}}));
  CHECK(app.post("alice", "/api/tasks/w/pause").status == 200);
  CHECK(app.post("alice", "/api/tasks/w/cancel").status == 200);
  while (app.scheduler().usage("alice").value().runs > 0) std::this_thread::yield();
  CHECK(app.post("bob", "/api/tasks/w/execute").status == 202);
}

TEST_CASE("everybody sees what is left of their own quota", "[quota]") {
  TestApp app({}, with({.tasks = 5, .bytes = 5000}));
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"a","name":"A"})").status == 201);
  const auto seen = app.get("alice", "/api/quota");
  REQUIRE(seen.status == 200);
  CHECK(seen.body.at("tasks") == json::value({{"used", 1}, {"limit", 5}}));
  CHECK(seen.body.at("runs") == json::value({{"used", 0}, {"limit", nullptr}}));
  CHECK(seen.body.at("bytes").at("limit") == 5000);
  CHECK(seen.body.at("bytes").at("used").as_int64() > 0);
  CHECK(app.get("bob", "/api/quota").body.at("tasks") == json::value({{"used", 0}, {"limit", 5}}));
  CHECK(app.get("root:admin", "/api/quota").body.at("tasks") == json::value({{"used", 0}, {"limit", nullptr}}));
  const std::string large = R"({"description":")" + std::string(6000, 'x') + R"("})";
  const auto edit = app.call("alice", "PATCH", "/api/tasks/a", large);
  CHECK(edit.status == 403);
  CHECK(detail(edit).starts_with("exceeded quota of bytes: 'alice' has "));
  while (app.scheduler().audit({.action = "task.update"}).value().items.empty()) std::this_thread::yield();
  CHECK(app.scheduler().audit().value().items.front().outcome == "refused");
}
