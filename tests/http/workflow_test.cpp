// Workflow runs and repeated runs through the interface: the seed's deployment, with a build that fails at first.
#include <atomic>
#include <boost/json/serialize.hpp>

#include "http/test_app.hpp"
#include "support/catch.hpp"
#include "taskcore/function.hpp"

using namespace taskd;
using namespace taskd::testing;
namespace json = boost::json;

namespace {

class Deployment {
 public:
  Deployment() {
    app.scheduler().function("build", [this](taskcore::RunContext&, const json::value&) {
      if (breaks) throw taskcore::fatal("does not compile");
    });
    app.scheduler().function("fine", [](taskcore::RunContext&, const json::value&) {});
    REQUIRE(app.post("alice", "/api/tasks:batch", R"([
      {"id": "deploy", "name": "Deploy Application", "type": "custom", "config": {"function": "fine"},
       "dependencies": ["task_build_app", "task_run_tests"], "schedule": "manual"},
      {"id": "task_run_tests", "name": "Tests", "type": "custom", "config": {"function": "fine"},
       "dependencies": ["task_build_app"]},
      {"id": "task_build_app", "name": "Build", "type": "custom", "config": {"function": "build"}}])")
                .status == 201);
  }
  json::value wait_for(const std::string& path) {
    for (int i = 0; i < 2000; ++i) {
      const json::value body = app.get("alice", path).body;
      if (body.at("status") != "pending" && body.at("status") != "running") return body;
      app.scheduler().wait(std::string(body.at("id").as_string()), std::chrono::milliseconds(5)).has_value();
    }
    return nullptr;
  }

  TestApp app;
  std::atomic<bool> breaks{false};
};

std::string path_of(const json::value& run) {
  return "/api/workflow-runs/" + std::string(run.at("workflowRunId").as_string());
}

}  // namespace

TEST_CASE("one call deploys, and its workflow run shows each task", "[workflow]") {
  Deployment seed;
  const auto run = seed.app.post("alice", "/api/tasks/deploy/execute", R"({"withDependencies":true})");
  REQUIRE(run.status == 202);
  const json::value done = seed.wait_for(path_of(run.body));
  CHECK(done.at("status") == "completed");
  CHECK(done.at("taskId") == "deploy");
  const auto& nodes = done.at("nodes").as_array();
  REQUIRE(nodes.size() == 3);
  CHECK(nodes[0].at("taskId") == "task_build_app");
  CHECK(nodes[2].at("workflowRunId") == done.at("id"));
  CHECK(seed.app.get("mallory", path_of(run.body)).status == 404);
  CHECK(seed.app.post("mallory", path_of(run.body) + "/cancel", "").status == 404);
  CHECK(seed.app.get("alice", "/api/workflow-runs/" + std::string(nodes[0].at("id").as_string())).status == 404);
  CHECK(seed.app.post("alice", path_of(run.body) + "/retry-failed", R"({"x":1})").status == 422);
}

TEST_CASE("after a failed build the deployment waits and says for whom, and goes when it is mended", "[workflow]") {
  Deployment seed;
  seed.breaks = true;
  const auto build = seed.app.call("alice", "POST", "/api/tasks/task_build_app/execute", "", {{"Prefer", "wait=15"}});
  CHECK(build.body.at("status") == "failed");
  const auto deploy = seed.app.post("alice", "/api/tasks/deploy/execute", "");
  CHECK(json::serialize(seed.app.get("alice", "/api/tasks/deploy").body.at("waitingOn")) ==
        R"(["task_build_app","task_run_tests"])");
  seed.breaks = false;
  const std::string failed = "/api/runs/" + std::string(build.body.at("id").as_string());
  const auto again = seed.app.post("alice", failed + "/retry", "");
  REQUIRE(again.status == 200);
  CHECK(again.body.at("retryOf") == build.body.at("id"));
  CHECK(again.body.at("trigger") == "retry_now");
  seed.app.post("alice", "/api/tasks/task_run_tests/execute", "");
  const json::value done = seed.wait_for("/api/runs/" + std::string(deploy.body.at("id").as_string()));
  CHECK(done.at("status") == "completed");
  CHECK(seed.app.post("mallory", failed + "/retry", "").status == 404);
}

TEST_CASE("a workflow run goes on from what failed", "[workflow]") {
  Deployment seed;
  seed.breaks = true;
  const auto run = seed.app.post("alice", "/api/tasks/deploy/execute", R"({"withDependencies":true})");
  const std::string path = path_of(run.body);
  const std::string build = std::string(seed.app.get("alice", path).body.at("nodes").at(0).at("id").as_string());
  CHECK(seed.wait_for("/api/runs/" + build).at("status") == "failed");
  seed.breaks = false;
  REQUIRE(seed.app.post("alice", path + "/retry-failed", "").status == 200);
  CHECK(seed.wait_for(path).at("status") == "completed");
}

TEST_CASE("what a task depends on and the caller does not see is not named", "[workflow]") {
  Deployment seed;
  REQUIRE(seed.app.call("alice", "PATCH", "/api/tasks/deploy", R"({"assignedTo":"bob"})").status == 200);
  const auto refused = seed.app.post("bob", "/api/tasks/deploy/execute", R"({"withDependencies":true})");
  CHECK(refused.status == 403);
  CHECK(json::serialize(refused.body).find("task_") == std::string::npos);
  CHECK(seed.app.post("carl", "/api/tasks/deploy/execute", R"({"withDependencies":true})").status == 404);
  const auto run = seed.app.post("alice", "/api/tasks/deploy/execute", R"({"withDependencies":true})");
  REQUIRE(seed.wait_for(path_of(run.body)).at("status") == "completed");
  const auto shown = seed.app.get("bob", path_of(run.body));
  REQUIRE(shown.status == 200);
  CHECK(shown.body.at("nodes").as_array().size() == 1);
}
