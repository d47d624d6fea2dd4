// Fan-out through the interface: a task with forEach, its run, and the runs of its items.
#include <boost/json/serialize.hpp>

#include "http/test_app.hpp"
#include "support/catch.hpp"
#include "taskcore/function.hpp"

using namespace taskd;
using namespace taskd::testing;
namespace json = boost::json;

TEST_CASE("a task runs for each item, and its run and theirs are told apart", "[runs]") {
  TestApp app;
  app.scheduler().function("work", [](taskcore::RunContext&, const json::value& params) -> json::value {
    if (params.at("item") == "bad") throw taskcore::fatal("no luck");
    return params.at("item");
  });
  REQUIRE(app.post("alice", "/api/tasks",
                   R"({"id":"each","name":"Each","type":"custom","config":{"function":"work"},
                       "forEach":"${params.of}"})")
              .status == 201);
  const auto run =
      app.call("alice", "POST", "/api/tasks/each/execute", R"({"params":{"of":["a","bad"]}})", {{"Prefer", "wait=15"}});
  REQUIRE(run.status == 200);
  CHECK(run.body.at("status") == "failed");
  CHECK(run.body.at("error").at("code") == "items_failed");
  CHECK(run.body.at("result") == json::value{"a", nullptr});
  CHECK(run.body.at("items") == json::value{{"total", 2}, {"completed", 1}, {"failed", 1}});
  CHECK(run.body.at("itemOf").is_null());
  const std::string id(run.body.at("id").as_string());

  for (const char* list : {"/api/runs", "/api/tasks/each/runs"}) {
    CHECK(app.get("alice", list).body.at("runs").as_array().size() == 1);
    const auto items = app.get("alice", std::string(list) + "?sort=createdAt&itemOf=" + id);
    REQUIRE(items.status == 200);
    const auto& runs = items.body.at("runs").as_array();
    REQUIRE(runs.size() == 2);
    CHECK(runs[1].at("itemOf") == json::string_view(id));
    CHECK(runs[1].at("params").at("item") == "bad");
    CHECK(runs[1].at("items").is_null());
    CHECK(app.get("alice", std::string(list) + "?itemOf=nonsense").status == 400);
    const std::string item(runs[1].at("id").as_string());
    CHECK(app.post("alice", "/api/runs/" + item + "/retry").status == 409);
  }
  CHECK(app.get("mallory", "/api/runs?itemOf=" + id).body.at("runs").as_array().empty());
  CHECK(app.get("alice", "/api/dead-letters").body.at("runs").as_array().size() == 1);
  CHECK(app.get("alice", "/api/dead-letters?itemOf=" + id).status == 400);
}

TEST_CASE("forEach is checked, shown and taken away", "[runs]") {
  TestApp app;
  const auto make = [&](const std::string& for_each) {
    return app.post("alice", "/api/tasks", R"({"name":"T","forEach":)" + for_each + "}");
  };
  for (const char* bad : {"7", "{}", R"("a")", R"("${secret.A}")", R"("${dependencies.up.result}")"}) {
    const auto answer = make(bad);
    CHECK(answer.status == 422);
    CHECK(answer.body.at("errors").at(0).at("pointer") == "/forEach");
  }
  const auto made = make("[1,2]");
  REQUIRE(made.status == 201);
  CHECK(made.body.at("forEach") == json::array{1, 2});
  const std::string path = "/api/tasks/" + std::string(made.body.at("id").as_string());
  CHECK(app.call("alice", "PATCH", path, R"({"name":"U"})").body.at("forEach") == json::array{1, 2});
  CHECK(app.call("alice", "PATCH", path, R"({"forEach":null})").body.at("forEach").is_null());
}
