// Idempotency-Key: what is sent again is done once.
#include <future>
#include <thread>

#include "http/taskd_process.hpp"
#include "http/test_app.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;
namespace json = boost::json;

namespace {

constexpr const char* kTask = R"({"name":"A","tags":["x"]})";

AppAnswer create(TestApp& app, std::string_view who, std::string_view key, std::string_view body = kTask,
                 std::string_view target = "/api/tasks") {
  return app.call(who, "POST", target, body, {{"Idempotency-Key", key}});
}

std::size_t tasks(TestApp& app) { return app.get("root:admin", "/api/tasks").body.at("tasks").as_array().size(); }

}  // namespace

TEST_CASE("a task that is created twice under one key is one task, and both answers are the same", "[idempotency]") {
  TestApp app;
  const auto first = create(app, "alice", "key-1");
  REQUIRE(first.status == 201);
  CHECK_FALSE(first.headers.get("Idempotency-Replayed"));
  const auto again = create(app, "alice", "key-1");
  CHECK(again.status == 201);
  CHECK(again.text == first.text);
  CHECK(again.headers.get("Location") == first.headers.get("Location"));
  CHECK(again.headers.get("ETag") == first.headers.get("ETag"));
  CHECK(again.headers.get("Content-Type") == first.headers.get("Content-Type"));
  CHECK(again.headers.get("Idempotency-Replayed") == "true");
  CHECK(tasks(app) == 1);
}

TEST_CASE("the first answer stays, whatever becomes of the task", "[idempotency]") {
  TestApp app;
  const auto first = create(app, "alice", "k");
  const std::string path(*first.headers.get("Location"));
  REQUIRE(app.call("alice", "PATCH", path, R"({"name":"B"})").status == 200);
  CHECK(create(app, "alice", "k").text == first.text);
  REQUIRE(app.call("alice", "DELETE", path).status == 204);
  CHECK(create(app, "alice", "k").text == first.text);
  CHECK(tasks(app) == 0);
}

TEST_CASE("a key belongs to its user, its call and its body", "[idempotency]") {
  TestApp app;
  REQUIRE(create(app, "alice", "k").status == 201);
  CHECK(create(app, "alice", "k", R"({"name":"B"})").status == 422);
  CHECK(create(app, "bob", "k").status == 201);
  CHECK(create(app, "alice", "k", kTask, "/api/tasks?onConflict=keep").status == 201);
  CHECK(create(app, "alice", "other").status == 201);
  CHECK(tasks(app) == 4);
}

TEST_CASE("a call that failed may be repeated under its key", "[idempotency]") {
  TestApp app;
  CHECK(create(app, "alice", "k", R"({"id":"b","name":"B","dependencies":["a"]})").status == 422);
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"a","name":"A"})").status == 201);
  CHECK(create(app, "alice", "k", R"({"id":"b","name":"B","dependencies":["a"]})").status == 201);
}

TEST_CASE("a key that is none is refused", "[idempotency]") {
  TestApp app;
  for (const std::string& key : {std::string(), std::string("a b"), std::string("a\xc3\xa4"), std::string(256, 'k')}) {
    CHECK(create(app, "alice", key).status == 400);
  }
  CHECK(create(app, "alice", std::string(255, 'k')).status == 201);
}

TEST_CASE("batches, runs and their verbs are done once, too", "[idempotency]") {
  TestApp app;
  const auto twice = [&](const std::string& target, std::string_view body) {
    const auto first = create(app, "alice", "k", body, target);
    const auto again = create(app, "alice", "k", body, target);
    CHECK(again.headers.get("Idempotency-Replayed") == "true");
    CHECK(again.status == first.status);
    CHECK(again.text == first.text);
    return first;
  };
  twice("/api/tasks:batch", R"([{"id":"a","name":"A"},{"name":"B"}])");
  CHECK(tasks(app) == 2);
  const auto run = twice("/api/tasks/a/execute", R"({"params":{"x":1}})");
  CHECK(run.status == 202);
  const std::string id(run.body.at("id").as_string());
  REQUIRE(app.scheduler().wait(id, std::chrono::seconds(20)).has_value());
  twice("/api/runs/" + id + "/retry", "");
  CHECK(app.get("alice", "/api/tasks/a/runs").body.at("runs").as_array().size() == 2);
}

TEST_CASE("a task's controls are done once under a key", "[idempotency]") {
  TestApp app;
  const char* waits = R"({"id":"a","name":"A","type":"custom","config":{"function":"wait_for_signal"}})";
  REQUIRE(app.post("alice", "/api/tasks", waits).status == 201);
  const auto begin = [&] { return std::string(app.post("alice", "/api/tasks/a/execute").body.at("id").as_string()); };
  const auto status = [&](const std::string& run) { return app.get("alice", "/api/runs/" + run).body.at("status"); };
  const std::string first = begin();
  const auto cancelled = create(app, "alice", "k", "", "/api/tasks/a/cancel");
  CHECK(cancelled.status == 200);
  CHECK(cancelled.headers.get("ETag"));
  CHECK(cancelled.body.at("lastRun").at("id") == json::value(first));
  REQUIRE(app.scheduler().wait(first, std::chrono::seconds(20)).has_value());
  const std::string second = begin();
  const auto again = create(app, "alice", "k", "", "/api/tasks/a/cancel");
  CHECK(again.text == cancelled.text);
  CHECK(again.headers.get("ETag") == cancelled.headers.get("ETag"));
  CHECK(again.headers.get("Idempotency-Replayed") == "true");
  CHECK(status(first) == "cancelled");
  CHECK(status(second) != "cancelled");

  CHECK(create(app, "alice", "p", "", "/api/tasks/a/pause").body.at("paused") == true);
  CHECK(create(app, "alice", "r", "", "/api/tasks/a/resume").body.at("paused") == false);
  CHECK(create(app, "alice", "p", "", "/api/tasks/a/pause").body.at("paused") == true);
  CHECK(app.get("alice", "/api/tasks/a").body.at("paused") == false);
  CHECK(create(app, "alice", "p", "{}", "/api/tasks/a/pause").status == 422);
  CHECK(create(app, "bob", "p", "", "/api/tasks/a/pause").status == 404);
}

TEST_CASE("a workflow run's verbs are done once under a key, and the answer shows no more than the caller sees",
          "[idempotency]") {
  TestApp app;
  const auto task = [&](const std::string& id, const std::string& more) {
    const std::string body =
        R"({"id":")" + id + R"(","name":"T","type":"custom","config":{"function":"wait_for_signal"})" + more + "}";
    REQUIRE(app.post("alice", "/api/tasks", body).status == 201);
  };
  task("up", "");
  task("down", R"(,"dependencies":["up"],"assignedTo":["bob"])");
  const auto begun = app.post("alice", "/api/tasks/down/execute", R"({"withDependencies":true})");
  REQUIRE(begun.status == 202);
  const std::string path = "/api/workflow-runs/" + std::string(begun.body.at("workflowRunId").as_string());
  const auto cancelled = create(app, "alice", "k", "", path + "/cancel");
  REQUIRE(cancelled.status == 200);
  CHECK(cancelled.body.at("nodes").as_array().size() == 2);
  while (app.get("alice", path).body.at("status") != "cancelled") std::this_thread::yield();
  const auto retried = create(app, "alice", "k", "", path + "/retry-failed");
  REQUIRE(retried.status == 200);
  CHECK(create(app, "alice", "k", "", path + "/retry-failed").text == retried.text);
  CHECK(create(app, "alice", "other", "", path + "/retry-failed").status == 409);
  CHECK(create(app, "alice", "k", "", path + "/cancel").text == cancelled.text);
  CHECK(app.get("alice", path).body.at("status") != "cancelled");
  REQUIRE(app.post("alice", "/api/tasks/up/cancel").status == 200);
  while (app.get("alice", "/api/tasks/up").body.at("status") != "cancelled") std::this_thread::yield();
  const auto seen = create(app, "bob", "k", "", path + "/cancel");
  REQUIRE(seen.status == 200);
  CHECK(seen.body.at("nodes").as_array().size() == 1);
  const auto again = create(app, "bob", "k", "", path + "/cancel");
  CHECK(again.text == seen.text);
  CHECK(again.headers.get("Idempotency-Replayed") == "true");
}

TEST_CASE("of two calls at once under one key the second is told to wait", "[idempotency]") {
  TestApp app;
  std::promise<void> may_end;
  app.scheduler().function("slow", [end = may_end.get_future().share()](taskcore::RunContext&, const json::value&) {
    end.wait();
    return json::value();
  });
  REQUIRE(
      app.post("alice", "/api/tasks", R"({"id":"a","name":"A","type":"custom","config":{"function":"slow"}})").status ==
      201);
  const auto execute = [&](std::string_view wait) {
    return app.call("alice", "POST", "/api/tasks/a/execute", "", {{"Idempotency-Key", "k"}, {"Prefer", wait}});
  };
  auto first = std::async(std::launch::async, [&] { return execute("wait=15"); });
  while (app.scheduler().runs({.task_id = "a"}).value().items.empty()) std::this_thread::yield();
  CHECK(execute("wait=0").status == 409);
  may_end.set_value();
  CHECK(first.get().status == 200);
  const auto again = execute("wait=0");
  CHECK(again.status == 202);
  CHECK(again.headers.get("Idempotency-Replayed") == "true");
  CHECK(app.scheduler().runs({.task_id = "a"}).value().items.size() == 1);
}

TEST_CASE("a key is remembered over kill -9", "[idempotency]") {
  const TempDir dir;
  std::string token;
  const auto create_in = [&](TaskdProcess& process) {
    const std::string key = "listens on http://127.0.0.1:";
    process.read_until(key);
    const std::string& text = process.read_until("\n");
    RawClient client(static_cast<std::uint16_t>(std::stoi(text.substr(text.find(key) + key.size()))));
    client.send(
        "POST /api/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\n"
        "Authorization: Bearer " +
        token + "\r\nContent-Length: " + std::to_string(std::string_view(kTask).size()) + "\r\n\r\n" + kTask);
    return client.receive().value();
  };
  RawResponse first;
  {
    TaskdProcess process(dir.path(), {});
    token = process.token();
    first = create_in(process);
    REQUIRE(first.status == 201);
  }
  TaskdProcess process(dir.path(), {});
  const auto again = create_in(process);
  CHECK(again.status == 201);
  CHECK(again.body == first.body);
  CHECK(again.headers.at("idempotency-replayed") == "true");
}
