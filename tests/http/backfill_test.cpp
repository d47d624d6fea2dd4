// POST /api/tasks/:id/backfill.
#include "http/test_app.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;
namespace json = boost::json;

namespace {

constexpr std::string_view kDaily = R"({"id":"d","name":"D","schedule":"daily at 12:00","assignedTo":"bob"})";
constexpr std::string_view kRange = R"({"from":"2024-03-01T00:00:00Z","to":"2024-03-03T23:00:00Z"})";
constexpr std::string_view kDryRange =
    R"({"from":"2024-03-01T00:00:00Z","to":"2024-03-03T23:00:00+00:00","dryRun":true})";

}  // namespace

TEST_CASE("a backfill answers 202 with its runs, and a dry run 200 with the instants", "[backfill]") {
  TestApp app;
  REQUIRE(app.post("alice", "/api/tasks", kDaily).status == 201);
  const auto dry = app.post("alice", "/api/tasks/d/backfill", kDryRange);
  REQUIRE(dry.status == 200);
  CHECK(dry.text == R"({"dryRun":true,"instants":["2024-03-01T12:00:00.000Z","2024-03-02T12:00:00.000Z",)"
                    R"("2024-03-03T12:00:00.000Z"],"count":3,"existing":0})");
  CHECK(app.get("alice", "/api/tasks/d/runs").body.at("runs").as_array().empty());

  const auto made = app.post("bob", "/api/tasks/d/backfill", kRange);
  REQUIRE(made.status == 202);
  CHECK(made.body.at("count") == 3);
  CHECK(made.body.at("existing") == 0);
  const json::object& first = made.body.at("runs").at(0).as_object();
  CHECK(first.at("scheduledFor") == "2024-03-01T12:00:00.000Z");
  const auto run = app.get("alice", "/api/runs/" + std::string(first.at("id").as_string()));
  CHECK(run.body.at("trigger") == "backfill");
  CHECK(run.body.at("scheduledFor") == first.at("scheduledFor"));

  const auto again = app.post("alice", "/api/tasks/d/backfill", kRange);
  CHECK(again.status == 202);
  CHECK(again.text == R"({"runs":[],"count":0,"existing":3})");
}

TEST_CASE("what is wrong with a backfill is said field by field", "[backfill]") {
  TestApp app;
  REQUIRE(app.post("alice", "/api/tasks", kDaily).status == 201);
  const auto fields = [&](std::string_view body, std::string_view id = "d") {
    const auto answer = app.post("alice", "/api/tasks/" + std::string(id) + "/backfill", body);
    CHECK(answer.status == 422);
    std::string out;
    for (const auto& error : answer.body.at("errors").as_array()) out += error.at("pointer").as_string().c_str();
    return out;
  };
  CHECK(fields("{}") == "/from/to");
  CHECK(fields(R"({"from":7,"to":"soon","dryRun":"yes","other":1})") == "/from/to/dryRun/other");
  CHECK(fields(R"({"from":"2024-03-02T00:00:00Z","to":"2024-03-01T00:00:00Z"})") == "/from");
  CHECK(fields(R"({"from":"2024-03-02T00:00:00Z","to":"2999-03-01T00:00:00Z"})") == "/to");
  CHECK(fields(R"({"from":"2020-01-01T00:00:00Z","to":"2024-01-01T00:00:00Z"})") == "/from");
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"hand","name":"H"})").status == 201);
  CHECK(fields(kRange, "hand") == "/schedule");
  CHECK(app.post("alice", "/api/tasks/d/backfill").status == 400);
  CHECK(app.post("alice", "/api/tasks/d/backfill?dryRun=true", kRange).status == 400);
  CHECK(app.call("alice", "GET", "/api/tasks/d/backfill").status == 405);
}

TEST_CASE("who may execute a task may backfill it", "[backfill]") {
  TestApp app({.user = false});
  REQUIRE(app.post("alice", "/api/tasks", kDaily).status == 201);
  const auto as = [&](std::string_view who, std::string_view id = "d") {
    return app.post(who, "/api/tasks/" + std::string(id) + "/backfill", kRange).status;
  };
  CHECK(as("bob:viewer") == 403);
  CHECK(as("carol") == 404);
  CHECK(as("carol", "nobody") == 404);
  CHECK(as("root:admin") == 202);
  REQUIRE(app.post("root:admin", "/api/tasks",
                   R"({"id":"s","name":"S","type":"script","config":{"command":"true"},"schedule":"daily at 12:00",)"
                   R"("assignedTo":"bob"})")
              .status == 201);
  CHECK(as("bob", "s") == 403);
}
