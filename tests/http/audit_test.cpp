// The audit trail through the interface: changes, refused attempts, and who may read it.
#include <algorithm>
#include <boost/json/parse.hpp>
#include <thread>

#include "api/refusals.hpp"
#include "http/test_app.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;
namespace json = boost::json;

namespace {

json::array trail(TestApp& app, const std::string& query = "") {
  return app.get("root:admin", "/api/audit" + query).body.at("audit").as_array();
}

/// The newest row of a refusal; its row comes after the answer to it.
json::object refusal(TestApp& app, const std::string& action) {
  for (int i = 0; i < 100'000; ++i) {
    for (const json::value& row : trail(app, "?action=" + action)) {
      if (row.at("outcome") == "refused") return row.as_object();
    }
    std::this_thread::yield();
  }
  FAIL("no row tells of the refusal");
  return {};
}

constexpr const char* kWebhook =
    R"({"id":"hook","name":"H","type":"webhook","config":{"url":"http://127.0.0.1:9/",)"
    R"("secret":"whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0","headers":{"Authorization":"Bearer hidden-token"}}})";

}  // namespace

TEST_CASE("a change tells who made it, and what it made of what", "[audit]") {
  TestApp app;
  REQUIRE(app.call("alice", "POST", "/api/tasks", R"({"id":"a","name":"A"})", {{"X-Request-Id", "request-1"}}).status ==
          201);
  REQUIRE(app.call("root:admin", "PATCH", "/api/tasks/a", R"({"name":"B"})").status == 200);
  REQUIRE(app.call("alice", "DELETE", "/api/tasks/a").status == 204);
  const auto rows = trail(app);
  REQUIRE(rows.size() == 3);
  CHECK(rows[2].at("seq") == 1);
  CHECK(rows[2].at("actor") == "alice");
  CHECK(rows[2].at("role") == "user");
  CHECK(rows[2].at("action") == "task.create");
  CHECK(rows[2].at("target") == "a");
  CHECK(rows[2].at("outcome") == "done");
  CHECK(rows[2].at("before").is_null());
  CHECK(rows[2].at("after").at("name") == "A");
  CHECK(rows[2].at("requestId") == "request-1");
  CHECK(rows[2].at("hash").as_string().size() == 64);
  CHECK(rows[1].at("actor") == "root");
  CHECK(rows[1].at("role") == "admin");
  CHECK(rows[1].at("before").at("name") == "A");
  CHECK(rows[1].at("after").at("name") == "B");
  CHECK(rows[0].at("action") == "task.delete");
  CHECK(rows[0].at("after").is_null());
}

TEST_CASE("every changing call has its row", "[audit]") {
  TestApp app;
  app.post("alice", "/api/tasks:batch", R"([{"id":"a","name":"A"}])");
  const auto run = app.call("alice", "POST", "/api/tasks/a/execute", "", {{"Prefer", "wait=10"}});
  const std::string id(run.body.at("id").as_string());
  app.post("alice", "/api/runs/" + id + "/retry");
  app.post("alice", "/api/tasks/a/pause");
  app.post("alice", "/api/tasks/a/resume");
  app.call("root:admin", "PUT", "/api/queues/q", R"({"limit":2})");
  app.call("root:admin", "PUT", "/api/calendars/c", R"({"weekdays":["sunday"]})");
  app.call("root:admin", "DELETE", "/api/calendars/c");
  std::vector<std::string> actions;
  for (const json::value& row : trail(app)) actions.emplace_back(row.at("action").as_string());
  CHECK(actions == std::vector<std::string>{"calendar.delete", "calendar.put", "queue.put", "task.resume", "task.pause",
                                            "run.retry", "task.execute", "task.create"});
}

TEST_CASE("no secret of a task reaches the trail", "[audit]") {
  TestApp app;
  REQUIRE(app.call("alice", "POST", "/api/tasks", kWebhook, {{"Idempotency-Key", "k"}}).status == 201);
  REQUIRE(app.call("alice", "PATCH", "/api/tasks/hook", R"({"name":"B"})").status == 200);
  const std::string text = app.get("root:admin", "/api/audit").text;
  CHECK(text.find("whsec_") == std::string::npos);
  CHECK(text.find("hidden-token") == std::string::npos);
  CHECK(text.find("***") != std::string::npos);
}

TEST_CASE("control characters in names are escaped", "[audit]") {
  TestApp app;
  const auto made = app.post("alice", "/api/tasks", R"({"id":"a","name":"A","description":"one\ntwo\u001b[31m"})");
  if (made.status == 201) CHECK(app.get("root:admin", "/api/audit").text.find('\x1b') == std::string::npos);
  app.call("alice", "GET", "/api/audit", "", {{"X-Request-Id", "a"}});
  CHECK(app.get("root:admin", "/api/audit").text.find('\n') == std::string::npos);
}

TEST_CASE("the trail is for administrators, and is asked for strictly", "[audit]") {
  TestApp app;
  app.post("alice", "/api/tasks", R"({"id":"a","name":"A"})");
  app.post("bob", "/api/tasks", R"({"id":"b","name":"B"})");
  for (const char* who : {"alice", "alice:viewer"}) CHECK(app.get(who, "/api/audit").status == 403);
  CHECK(app.get("", "/api/audit").status == 401);
  CHECK(app.get("root:admin", "/api/audit?nope=1").status == 400);
  CHECK(app.get("root:admin", "/api/audit?limit=1001").status == 400);
  CHECK(app.get("root:admin", "/api/audit?cursor=x").status == 400);
  CHECK(app.get("root:admin", "/api/audit?since=yesterday").status == 400);
  CHECK(trail(app, "?actor=bob").size() == 1);
  CHECK(trail(app, "?target=a").size() == 1);
  CHECK(trail(app, "?action=task.create").size() == 2);
  CHECK(trail(app, "?since=2999-01-01T00:00:00Z").empty());
  const auto page = app.get("root:admin", "/api/audit?action=task.create&limit=1").body;
  CHECK(page.at("audit").at(0).at("target") == "b");
  const std::string cursor(page.at("nextCursor").as_string());
  CHECK(trail(app, "?action=task.create&limit=1&cursor=" + cursor)[0].as_object().at("target") == "a");
}

TEST_CASE("the trail is exported as JSON lines, page by page", "[audit]") {
  TestApp app;
  for (const char* id : {"a", "b", "c"})
    app.post("alice", "/api/tasks", R"({"name":"x","id":")" + std::string(id) + "\"}");
  const auto first =
      app.call("root:admin", "GET", "/api/audit?limit=2", "", {{"Accept", "application/x-ndjson, */*;q=0.1"}});
  CHECK(first.headers.get("Content-Type") == "application/x-ndjson");
  CHECK(std::count(first.text.begin(), first.text.end(), '\n') == 2);
  CHECK(json::parse(first.text.substr(0, first.text.find('\n'))).at("target") == "c");
  REQUIRE(first.headers.get("Next-Cursor"));
  const std::string cursor(*first.headers.get("Next-Cursor"));
  const auto second = app.get("root:admin", "/api/audit?format=ndjson&limit=2&cursor=" + cursor);
  CHECK(json::parse(second.text).at("target") == "a");
  CHECK_FALSE(second.headers.get("Next-Cursor"));
}

TEST_CASE("a refused attempt has a row that says what was tried", "[audit]") {
  TestApp app;
  app.post("alice", "/api/tasks", R"({"id":"a","name":"A","assignedTo":["carol"]})");

  CHECK(app.get("bob", "/api/audit").status == 403);
  auto row = refusal(app, "audit.read");
  CHECK(row.at("actor") == "bob");
  CHECK(row.at("after").at("status") == 403);

  CHECK(app.call("carol", "PATCH", "/api/tasks/a", R"({"name":"B"})").status == 403);
  row = refusal(app, "task.update");
  CHECK(row.at("actor") == "carol");
  CHECK(row.at("target") == "a");

  CHECK(app.post("mallory", "/api/tasks/a/execute").status == 404);
  row = refusal(app, "task.execute");
  CHECK(row.at("actor") == "mallory");
  CHECK(row.at("after").at("status") == 404);
  CHECK(row.at("after").at("exists") == true);
  CHECK(row.at("before").is_null());

  CHECK(app.call("mallory", "DELETE", "/api/tasks/b").status == 404);
  row = refusal(app, "task.delete");
  CHECK(row.at("target") == "b");
  CHECK(row.at("after").at("exists") == false);

  CHECK(app.call("", "GET", "/api/tasks", "", {{"Authorization", "Bearer nonsense"}}).status == 401);
  row = refusal(app, "auth.refused");
  CHECK(row.at("actor") == "");
  CHECK(row.at("after").at("address") == "127.0.0.1");
  CHECK(row.at("after").as_object().contains("reason"));
  CHECK(app.get("root:admin", "/api/audit").text.find("nonsense") == std::string::npos);
}

TEST_CASE("what is no refusal has no row", "[audit]") {
  TestApp app;
  app.post("alice", "/api/tasks", R"({"id":"a","name":"A"})");
  CHECK(app.get("", "/api/tasks").status == 401);                   // no token at all
  CHECK(app.post("mallory", "/api/tasks/a/praise").status == 404);  // there is no such verb
  CHECK(app.get("mallory", "/api/tasks/a").status == 404);          // a look
  CHECK(app.post("mallory", "/api/tasks", R"({"id":"a","name":"A"})").status == 409);
  CHECK(app.post("alice", "/api/tasks", R"({"name":7})").status == 422);
  CHECK(trail(app).size() == 1);
}

TEST_CASE("a flood of refusals makes few rows, and the rest is counted", "[audit]") {
  RefusalPace pace;
  const RefusalPace::Time start{};
  const auto at = [&](int seconds) { return start + std::chrono::seconds(seconds); };
  CHECK(pace.take("ann", at(0)));
  for (int i = 0; i < 1000; ++i) CHECK_FALSE(pace.take("ann", at(59)));
  CHECK(pace.take("bob", at(59)));
  const auto next = pace.take("ann", at(60));
  REQUIRE(next);
  CHECK(next->repeated == 1000);
  CHECK(next->others == 0);

  std::size_t rows = 0;
  for (int i = 0; i < 10'000; ++i) rows += pace.take(std::to_string(i), at(200)) ? 1 : 0;
  CHECK(rows == RefusalPace::kMostRows);
  const auto after = pace.take("ann", at(300));
  REQUIRE(after);
  CHECK(after->repeated == 0);
  CHECK(after->others == 10'000 - RefusalPace::kMostRows);
}

TEST_CASE("each call has its action", "[audit]") {
  const auto action = [](const std::string& method, const std::string& target) {
    Request request;
    request.method = parse_method(method);
    request.segments = parse_target(target).value().segments;
    return action_of(request);
  };
  CHECK(action("POST", "/api/tasks") == "task.create");
  CHECK(action("POST", "/api/tasks:batch") == "task.create");
  CHECK(action("PUT", "/api/tasks/a") == "task.update");
  CHECK(action("DELETE", "/api/tasks/a") == "task.delete");
  CHECK(action("POST", "/api/tasks/a/backfill") == "task.backfill");
  CHECK(action("POST", "/api/runs/a/signal") == "run.signal");
  CHECK(action("POST", "/api/runs:cancel") == "run.cancel");
  CHECK(action("POST", "/api/dead-letters:redrive") == "run.retry");
  CHECK(action("POST", "/api/workflow-runs/a/retry-failed") == "workflow.retry");
  CHECK(action("PUT", "/api/queues/a") == "queue.put");
  CHECK(action("DELETE", "/api/calendars/a") == "calendar.delete");
  CHECK(action("GET", "/api/queues") == "queues.read");
}
