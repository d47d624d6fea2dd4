// Unique keys and taken ids over REST: what a repeat of POST /api/tasks answers.
#include "http/test_app.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;

namespace {

constexpr std::string_view kOrder = R"({"name":"Order","uniqueKey":"order 42","schedule":"in 5 minutes"})";

}  // namespace

TEST_CASE("a repeat of a unique task is answered with the task that is there", "[unique]") {
  TestApp app;
  const auto first = app.post("alice", "/api/tasks", kOrder);
  REQUIRE(first.status == 201);
  CHECK(first.body.at("uniqueKey") == "order 42");
  const auto again = app.post("alice", "/api/tasks", kOrder);
  CHECK(again.status == 200);
  CHECK(again.body == first.body);
  CHECK(again.headers.get("ETag") == first.headers.get("ETag"));
  CHECK_FALSE(again.headers.get("Location"));
  CHECK(app.post("bob", "/api/tasks", kOrder).status == 201);

  const auto refused = app.post("alice", "/api/tasks?onConflict=reject", kOrder);
  CHECK(refused.status == 409);
  CHECK(refused.body.at("errors").at(0).at("pointer") == "/uniqueKey");
  const auto debounced = app.post("alice", "/api/tasks?onConflict=debounce", kOrder);
  CHECK(debounced.status == 200);
  CHECK(debounced.body.at("id") == first.body.at("id"));
  CHECK(debounced.body.at("version") == 2);
}

TEST_CASE("a given id can be declared", "[unique]") {
  TestApp app;
  REQUIRE(app.post("alice", "/api/tasks?onConflict=update", R"({"id":"a","name":"A"})").status == 201);
  CHECK(app.post("alice", "/api/tasks", R"({"id":"a","name":"B"})").status == 409);
  const auto kept = app.post("alice", "/api/tasks?onConflict=keep", R"({"id":"a","name":"B"})");
  CHECK(kept.status == 200);
  CHECK(kept.body.at("name") == "A");
  const auto updated = app.post("alice", "/api/tasks?onConflict=update", R"({"id":"a","name":"B"})");
  CHECK(updated.status == 200);
  CHECK(updated.body.at("name") == "B");
  CHECK(app.post("alice", "/api/tasks?onConflict=ignore", R"({"id":"a","name":"B"})").status == 400);
}

TEST_CASE("another's task is no more than a taken id", "[unique]") {
  TestApp app;
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"a","name":"A","assignedTo":"carol"})").status == 201);
  const std::string plain =
      app.post("bob", "/api/tasks", R"({"id":"a","name":"B"})").body.at("detail").as_string().c_str();
  for (const char* mode : {"keep", "update", "debounce"}) {
    const auto hidden = app.post("bob", std::string("/api/tasks?onConflict=") + mode, R"({"id":"a","name":"B"})");
    CHECK(hidden.status == 409);
    CHECK(hidden.body.at("detail") == plain.c_str());
  }
  CHECK(app.post("carol", "/api/tasks?onConflict=keep", R"({"id":"a","name":"B"})").status == 200);
  CHECK(app.get("alice", "/api/tasks/a").body.at("name") == "A");
}

TEST_CASE("a key that another task holds is no change of the edited one", "[unique]") {
  TestApp app;
  REQUIRE(app.post("alice", "/api/tasks", kOrder).status == 201);
  const auto other = app.post("alice", "/api/tasks", R"({"id":"other","name":"Other"})");
  const auto refused = app.call("alice", "PATCH", "/api/tasks/other", R"({"uniqueKey":"order 42"})",
                                {{"If-Match", std::string(*other.headers.get("ETag"))}});
  CHECK(refused.status == 409);
  CHECK(refused.body.at("errors").at(0).at("pointer") == "/uniqueKey");
}
