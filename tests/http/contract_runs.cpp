// Runs, for the contract: how they are made, what becomes of them, alone, many at once, and as workflow runs.
#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "http/contract.hpp"
#include "support/catch.hpp"
#include "taskcore/function.hpp"

namespace taskd::testing {

namespace json = boost::json;

namespace {

std::string id_of(const AppAnswer& answer) { return answer.body.at("id").as_string().c_str(); }

std::string ended(Contract& contract, const std::string& task) {
  const auto run = contract.call("alice", "POST", "/api/tasks/" + task + "/execute", "", {{"Prefer", "wait=15"}});
  REQUIRE(run.status == 200);
  return id_of(run);
}

void make_tasks(Contract& contract) {
  contract.app().scheduler().function("bad", [](taskcore::RunContext& run, const json::value&) {
    run.log(taskcore::LogLevel::warn, "bad");
    throw std::runtime_error("bad");
  });
  const auto custom = [&](const std::string& id, const std::string& function, const std::string& more) {
    const std::string body = R"({"id":")" + id +
                             R"(","name":"T","type":"custom","maxRetries":0,"assignedTo":["vera"],)" +
                             R"("config":{"function":")" + function + R"("})" + more + "}";
    REQUIRE(contract.post("alice", "/api/tasks", body).status == 201);
  };
  custom("bad", "bad", R"(,"overlap":"allow")");
  custom("ask", "wait_for_signal", "");
  custom("held", "bad", R"(,"queue":"held")");
  custom("whole", "bad", R"(,"dependencies":["held"])");
  custom("daily", "bad", R"(,"schedule":"daily at 12:00")");
}

void make_runs(Contract& contract) {
  ended(contract, "bad");
  CHECK(contract.post_once("alice", "/api/tasks/bad/execute", R"({"params":{"n":1}})").status == 202);
  CHECK(contract.post("alice", "/api/tasks/ask/execute").status == 202);
  for (const char* verb : {"pause", "resume", "cancel"}) {
    CHECK(contract.post_once("alice", "/api/tasks/ask/" + std::string(verb), "{}").status == 200);
  }
  const auto backfill = [&](const std::string& more) {
    const std::string body = R"({"from":"2024-03-01T00:00:00Z","to":"2024-03-03T23:00:00Z")" + more + "}";
    return more.empty() ? contract.post_once("alice", "/api/tasks/daily/backfill", body)
                        : contract.post("alice", "/api/tasks/daily/backfill", body);
  };
  CHECK(backfill(R"(,"dryRun":true)").status == 200);
  CHECK(backfill("").status == 202);
}

void read_runs(Contract& contract) {
  const std::string run = "/api/runs/" + ended(contract, "bad");
  CHECK(contract.get("alice", run).status == 200);
  CHECK(contract.get("alice", run + "/logs").body.at("logs").as_array().size() >= 1);
  CHECK(contract.get("alice", "/api/tasks/bad/logs?level=WARN&since=2001-01-01T00:00:00Z&limit=1").status == 200);
  CHECK(contract.get("alice", "/api/tasks/bad/runs?status=failed&trigger=manual&limit=1").status == 200);
  for (const char* list : {"/api/runs", "/api/dead-letters"}) {
    CHECK(contract.get("alice", std::string(list) + "?sort=createdAt&limit=2").status == 200);
    CHECK(contract.get("alice", std::string(list) + "?taskId=nobody").status == 404);
  }
}

/// A log that ends, one that goes on, and what happens meanwhile.
void follow_runs(Contract& contract) {
  contract.follow("alice", "/api/runs/" + ended(contract, "bad") + "/logs", "end");
  contract.follow("alice", "/api/tasks/bad/logs", "log");
  contract.follow("alice", "/api/events?taskId=bad", "run", [&] { ended(contract, "bad"); });
  contract.follow("alice", "/api/events?type=task,run.settled", "task",
                  [&] { CHECK(contract.call("alice", "PATCH", "/api/tasks/bad", R"({"name":"Bad"})").status == 200); });
  contract.follow("alice", "/api/events", "reset", nullptr, "1");
  CHECK(contract.get("alice", "/api/events?taskId=nobody").status == 404);
  TestApp full({}, {}, [](AppOptions& options) { options.live.streams_per_user = 0; });
  contract.check(contract.named("streamEvents"), "", full.get("alice", "/api/events"));
}

void act_on_runs(Contract& contract) {
  const std::string over = "/api/runs/" + ended(contract, "bad");
  const std::string live = "/api/runs/" + id_of(contract.post("alice", "/api/tasks/ask/execute"));
  CHECK(contract.post_once("alice", over + "/retry", "{}").status == 200);
  CHECK(contract.post("alice", live + "/retry").status == 409);
  for (const char* verb : {"/cancel", "/retry", "/signal"})
    CHECK(contract.post("vera:viewer", live + verb).status == 403);
  CHECK(contract.post("alice", live + "/signal", '"' + std::string(256 * 1024, 'x') + '"').status == 422);
  CHECK(contract.post_once("alice", live + "/signal", R"({"approved":true})").status == 200);
  REQUIRE(contract.app().scheduler().wait(live.substr(10)).has_value());
  CHECK(contract.post("alice", live + "/signal").status == 409);
  CHECK(contract.post("alice", live + "/cancel").status == 200);
  const std::string next = "/api/runs/" + id_of(contract.post("alice", "/api/tasks/ask/execute"));
  CHECK(contract.post_once("alice", next + "/cancel", "{}").status == 200);
}

void act_on_many(Contract& contract) {
  for (const char* path : {"/api/runs:cancel", "/api/runs:retry", "/api/dead-letters:redrive", "/api/runs:delete"}) {
    CHECK(contract.post("alice", path, R"({"filter":{"taskId":"bad","trigger":"manual"},"dryRun":true})").status ==
          200);
    CHECK(contract.post_once("alice", path, R"({"filter":{"taskId":"bad"}})").status == 200);
    CHECK(contract.post("alice", path, R"({"ids":["none"]})").status == 200);
    CHECK(contract.post("alice", path, R"({"filter":{"taskId":"nobody"}})").status == 404);
    CHECK(contract.post("alice", path, "{}").status == 422);
  }
}

/// Of a queue that is paused, so that it goes on until it is cancelled.
void act_on_workflows(Contract& contract) {
  CHECK(contract.call("root:admin", "PUT", "/api/queues/held", R"({"paused":true})").status == 200);
  const auto begun = contract.post("alice", "/api/tasks/whole/execute", R"({"withDependencies":true})");
  REQUIRE(begun.status == 202);
  const std::string path = "/api/workflow-runs/" + std::string(begun.body.at("workflowRunId").as_string());
  CHECK(contract.get("alice", path).body.at("nodes").as_array().size() == 2);
  for (const char* verb : {"/cancel", "/retry-failed"}) CHECK(contract.post("vera:viewer", path + verb).status == 403);
  CHECK(contract.post("alice", path + "/retry-failed").status == 409);
  CHECK(contract.post_once("alice", path + "/cancel", "{}").status == 200);
  CHECK(contract.post_once("alice", path + "/retry-failed").status == 200);
}

}  // namespace

void exchange_runs(Contract& contract) {
  make_tasks(contract);
  make_runs(contract);
  read_runs(contract);
  follow_runs(contract);
  act_on_runs(contract);
  act_on_many(contract);
  act_on_workflows(contract);
}

}  // namespace taskd::testing
