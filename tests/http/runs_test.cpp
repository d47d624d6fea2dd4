// Runs through the interface: execute, wait, cancel, pause, list, logs.
#include <boost/json/serialize.hpp>
#include <condition_variable>
#include <mutex>

#include "http/test_app.hpp"
#include "support/catch.hpp"
#include "taskcore/function.hpp"

using namespace taskd;
using namespace taskd::testing;
namespace json = boost::json;

namespace {

/// A function that holds its run until the test, or a stop, lets it go.
class Held {
 public:
  void add_to(TestApp& app) {
    app.scheduler().function("held", [this](taskcore::RunContext& run, const json::value&) {
      std::stop_callback wake(run.stop_token(), [this] { release(); });
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return released_; });
      return json::value("let go");
    });
  }
  void release() {
    const std::lock_guard lock(mutex_);
    released_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool released_ = false;
};

constexpr std::string_view kHeldTask = R"({"id":"h","name":"H","type":"custom","config":{"function":"held"}})";

}  // namespace

TEST_CASE("execute answers 202 with the run's place, and with Prefer: wait its end", "[runs]") {
  Held held;
  TestApp app;
  held.add_to(app);
  REQUIRE(app.post("alice", "/api/tasks", kHeldTask).status == 201);
  const auto run = app.post("alice", "/api/tasks/h/execute", R"({"params":{"n":1}})");
  REQUIRE(run.status == 202);
  const std::string place(*run.headers.get("Location"));
  CHECK(app.get("alice", place).body.at("params") == json::value{{"n", 1}});
  const auto impatient = app.call("alice", "POST", "/api/tasks/h/execute", "", {{"Prefer", "wait=1"}});
  CHECK(impatient.status == 202);
  held.release();
  const auto patient = app.call("alice", "POST", "/api/tasks/h/execute", "{}", {{"Prefer", "respond-async, wait=15"}});
  REQUIRE(patient.status == 200);
  CHECK(patient.body.at("status") == "completed");
  CHECK(patient.body.at("result") == "let go");
  CHECK(patient.headers.get("Preference-Applied") == "wait=15");
}

TEST_CASE("what execute does not know is refused", "[runs]") {
  TestApp app;
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"a","name":"A"})").status == 201);
  CHECK(app.post("alice", "/api/tasks/a/execute", R"({"parms":{}})").status == 422);
  CHECK(app.post("alice", "/api/tasks/a/execute", R"({"params":[1]})").status == 422);
  CHECK(app.post("alice", "/api/tasks/a/execute", R"({"withDependencies":1})").status == 422);
  CHECK(app.post("alice", "/api/tasks/a/execute", R"({"withDependencies":false,"params":null})").status == 202);
  CHECK(app.post("alice", "/api/tasks/a/execute?wait=1").status == 400);
  CHECK(app.post("alice", "/api/tasks/a/cancel", R"({"x":1})").status == 422);
}

TEST_CASE("a run is cancelled by its task or by itself", "[runs]") {
  Held held;
  TestApp app;
  held.add_to(app);
  REQUIRE(app.post("alice", "/api/tasks", kHeldTask).status == 201);
  const auto run = app.post("alice", "/api/tasks/h/execute");
  const std::string place(*run.headers.get("Location"));
  const std::string id(run.body.at("id").as_string());
  CHECK(app.post("alice", place + "/cancel").status == 200);
  REQUIRE(app.scheduler().wait(id).has_value());
  CHECK(app.get("alice", place).body.at("status") == "cancelled");
  CHECK(app.post("alice", "/api/tasks/h/cancel").status == 200);
  CHECK(app.post("alice", "/api/runs/none/cancel").status == 404);
  CHECK(app.get("alice", "/api/tasks/h/runs?status=cancelled").body.at("runs").as_array().size() == 1);
  CHECK(app.get("alice", "/api/runs?taskId=h&limit=1").body.at("runs").as_array().size() == 1);
  CHECK(app.get("alice", "/api/runs?status=completed").body.at("runs").as_array().empty());
}

TEST_CASE("whoever may execute a task may signal its runs, and the payload is the result", "[runs]") {
  TestApp app;
  REQUIRE(app.post("alice", "/api/tasks",
                   R"({"id":"ok","name":"OK","type":"custom","config":{"function":"wait_for_signal"},)"
                   R"("assignedTo":["bob","vera"]})")
              .status == 201);
  const std::string id(app.post("alice", "/api/tasks/ok/execute").body.at("id").as_string());
  const std::string signal = "/api/runs/" + id + "/signal";
  CHECK(app.post("vera:viewer", signal, "1").status == 403);
  CHECK(app.post("mallory", signal, "1").status == 404);
  CHECK(app.post("", signal, "1").status == 401);
  CHECK(app.post("bob", signal + "?now=1", "1").status == 400);
  CHECK(app.post("bob", signal, "{").status == 400);
  CHECK(app.call("bob", "POST", signal, "1", {{"Content-Type", "text/plain"}}).status == 415);
  const auto too_large = app.post("bob", signal, '"' + std::string(256 * 1024, 'x') + '"');
  CHECK(too_large.status == 422);
  CHECK(too_large.body.at("errors").at(0).at("pointer") == "/payload");
  const auto told = app.post("bob", signal, R"({"approved":true})");
  CHECK(told.status == 200);
  CHECK(told.body.at("id") == json::value(id));
  REQUIRE(app.scheduler().wait(id).has_value());
  const auto run = app.get("alice", "/api/runs/" + id).body;
  CHECK(run.at("status") == "completed");
  CHECK(run.at("result") == json::value{{"approved", true}});
  CHECK(app.post("alice", signal, "1").status == 409);
  CHECK(app.post("alice", "/api/runs/none/signal", "1").status == 404);
}

TEST_CASE("one early signal is kept, and no body is null", "[runs]") {
  Held held;
  TestApp app;
  held.add_to(app);
  REQUIRE(app.post("alice", "/api/tasks", kHeldTask).status == 201);
  const std::string id(app.post("alice", "/api/tasks/h/execute").body.at("id").as_string());
  CHECK(app.post("alice", "/api/runs/" + id + "/signal").status == 200);
  CHECK(app.post("alice", "/api/runs/" + id + "/signal").status == 409);
  CHECK(app.post("alice", "/api/runs/" + id + "/signal", "null").status == 409);
  held.release();
  CHECK(app.post("alice", "/api/tasks", R"({"id":"ok","name":"OK","config":{"function":"wait_for_signal"}})").status ==
        422);  // type and config go together
}

TEST_CASE("pause and resume answer with the task", "[runs]") {
  TestApp app;
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"a","name":"A","schedule":"every 1 hour"})").status == 201);
  const auto paused = app.post("alice", "/api/tasks/a/pause");
  CHECK(paused.body.at("paused") == true);
  CHECK(paused.body.at("nextRunAt").is_null());
  const auto resumed = app.post("alice", "/api/tasks/a/resume", "{}");
  CHECK(resumed.body.at("paused") == false);
  CHECK(resumed.body.at("nextRunAt").is_string());
}

TEST_CASE("logs are found by task and by run, from a level on", "[runs]") {
  TestApp app;
  app.scheduler().function("talk", [](taskcore::RunContext& run, const json::value&) {
    run.log(taskcore::LogLevel::info, "hello");
    run.log(taskcore::LogLevel::error, "trouble");
  });
  REQUIRE(
      app.post("alice", "/api/tasks", R"({"id":"a","name":"A","type":"custom","config":{"function":"talk"}})").status ==
      201);
  const auto run = app.call("alice", "POST", "/api/tasks/a/execute", "", {{"Prefer", "wait=10"}});
  REQUIRE(run.status == 200);
  const std::string id(run.body.at("id").as_string());
  const auto messages = [&](const std::string& target) {
    const auto answer = app.get("alice", target);
    REQUIRE(answer.status == 200);
    std::vector<std::string> out;
    for (const auto& row : answer.body.at("logs").as_array()) out.emplace_back(row.at("message").as_string());
    return out;
  };
  CHECK(messages("/api/tasks/a/logs?level=error") == std::vector<std::string>{"trouble"});
  const auto lines = messages("/api/runs/" + id + "/logs");
  CHECK(std::count(lines.begin(), lines.end(), "hello") == 1);
  CHECK(messages("/api/tasks/a/logs?runId=" + id).size() == lines.size());
  CHECK(messages("/api/tasks/a/logs?since=2999-01-01T00:00:00Z").empty());
  CHECK(app.get("alice", "/api/tasks/a/logs?since=yesterday").status == 400);
  CHECK(app.get("alice", "/api/tasks/a/logs?level=loud").status == 400);
  CHECK(app.get("alice", "/api/runs/none/logs").status == 404);
}
