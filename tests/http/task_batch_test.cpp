// Many tasks through the interface at once: all or none.
#include <boost/json/serialize.hpp>

#include "http/test_app.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;
namespace json = boost::json;

namespace {

constexpr std::string_view kBatch = "/api/tasks:batch";

/// "pointer: detail" of each field that is wrong.
std::vector<std::string> faults(const AppAnswer& answer) {
  std::vector<std::string> out;
  for (const auto& error : answer.body.at("errors").as_array()) {
    out.push_back(json::value_to<std::string>(error.at("pointer")) + ": " +
                  json::value_to<std::string>(error.at("detail")));
  }
  return out;
}

bool is_there(TestApp& app, std::string_view id) {
  return app.get("root:admin", "/api/tasks/" + std::string(id)).status == 200;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a graph of tasks is made by one call and answered in its order", "[batch]") {
  TestApp app;
  const auto made = app.post("alice", kBatch, R"([
      {"id":"deploy","name":"Deploy","dependencies":["test","build"]},
      {"id":"test","name":"Test","dependencies":["build"],"notify":{"onFailure":{"task":"deploy"}}},
      {"id":"build","name":"Build","priority":"high"},
      {"name":"Alone"}])");
  REQUIRE(made.status == 201);
  REQUIRE(made.body.as_object().size() == 1);
  const json::array& tasks = made.body.at("tasks").as_array();
  REQUIRE(tasks.size() == 4);
  for (const json::value& task : tasks) {
    const auto read = app.get("alice", "/api/tasks/" + json::value_to<std::string>(task.at("id")));
    CHECK(read.status == 200);
    CHECK(read.body == task);
    CHECK(task.at("createdBy") == "alice");
  }
  CHECK(tasks[0].at("id") == "deploy");
  CHECK(tasks[0].at("dependencies") == json::array{"test", "build"});
  CHECK(tasks[3].at("name") == "Alone");

  CHECK(app.post("alice", "/api/tasks/test/execute").body.at("waitingOn") == json::array{"build"});
  CHECK(app.call("alice", "DELETE", "/api/tasks/build").status == 409);
  CHECK(app.call("alice", "POST", "/api/tasks/build/execute", "", {{"Prefer", "wait=10"}}).status == 200);
}

TEST_CASE("what is wrong with tasks of a batch is said of each, and none is made", "[batch]") {
  TestApp app;
  const auto wrong = app.post("alice", kBatch, R"([{"id":"a","name":"A"},{"id":"b"},7,{"name":"C","prio":"high"}])");
  CHECK(wrong.status == 422);
  const Texts told = faults(wrong);
  REQUIRE(told.size() == 3);
  CHECK(told[0] == "/1/name: is required");
  CHECK(told[1] == "/2: must be an object");
  CHECK(told[2].starts_with("/3/prio: "));

  const auto values = app.post(
      "alice", kBatch, R"([{"id":"a","name":"A"},{"name":"B","schedule":"now and then"},{"id":"a","name":""}])");
  CHECK(values.status == 422);
  REQUIRE(faults(values).size() == 3);
  CHECK(faults(values)[0].starts_with("/1/schedule: "));
  CHECK(faults(values)[1] == "/2/id: must not be given twice");
  CHECK(faults(values)[2].starts_with("/2/name: "));

  const auto unknown = app.post("alice", kBatch, R"([{"id":"a","name":"A"},{"name":"B","dependencies":["a","x"]}])");
  CHECK(unknown.status == 422);
  CHECK(faults(unknown) == Texts{"/1/dependencies/1: there is no task 'x'"});
  CHECK_FALSE(is_there(app, "a"));
}

TEST_CASE("a batch is an array of 1 to 10,000 tasks", "[batch]") {
  TestApp app;
  CHECK(app.post("alice", kBatch).status == 400);
  CHECK(app.post("alice", kBatch, "[").status == 400);
  CHECK(app.post("alice", kBatch, R"({"name":"A"})").status == 422);
  CHECK(app.post("alice", kBatch, "[]").status == 422);
  std::string many = "[0";
  for (int i = 1; i <= 10'000; ++i) many += ",0";
  const auto refused = app.post("alice", kBatch, many + "]");
  CHECK(refused.status == 422);
  CHECK(faults(refused).size() == 1);
  CHECK(app.post("alice", "/api/tasks:batch?nope=1", R"([{"name":"A"}])").status == 400);
  CHECK(app.call("alice", "POST", kBatch, R"([{"name":"A"}])", {{"Content-Type", "text/plain"}}).status == 415);
  CHECK(app.get("alice", kBatch).status == 405);
  CHECK(app.post("", kBatch, R"([{"name":"A"}])").status == 401);
}

TEST_CASE("a taken id and a cycle make a batch a conflict", "[batch]") {
  TestApp app;
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"taken","name":"T"})").status == 201);
  const auto taken = app.post("bob", kBatch, R"([{"id":"a","name":"A"},{"id":"taken","name":"B"}])");
  CHECK(taken.status == 409);
  CHECK(faults(taken) == Texts{"/1: the id 'taken' is taken"});
  const auto cycle = app.post(
      "alice", kBatch, R"([{"id":"a","name":"A","dependencies":["b"]},{"id":"b","name":"B","dependencies":["a"]}])");
  CHECK(cycle.status == 409);
  CHECK(cycle.text.find("a -> b -> a") != std::string::npos);
  CHECK_FALSE(is_there(app, "a"));
}

TEST_CASE("each task of a batch needs the rights that it needs alone", "[batch]") {
  TestApp app(ScriptRoles{.admin = true, .user = false});
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"hers","name":"T"})").status == 201);
  const std::string_view script = R"([{"id":"a","name":"A"},{"name":"B","type":"script","config":{"command":"true"}}])";
  CHECK(app.post("vera:viewer", kBatch, R"([{"name":"A"}])").status == 403);
  const auto refused = app.post("bob", kBatch, script);
  CHECK(refused.status == 403);
  CHECK(faults(refused) == Texts{"/1: Your role may not make, edit or run scripts."});
  CHECK(refused.body.at("detail") == "/1: Your role may not make, edit or run scripts.");
  CHECK_FALSE(is_there(app, "a"));
  const std::string_view leaning = R"([{"id":"a","name":"A"},{"name":"B","dependencies":["hers"]}])";
  const std::string_view telling = R"([{"id":"a","name":"A"},{"name":"B","notify":{"onFailure":{"task":"hers"}}}])";
  CHECK(faults(app.post("bob", kBatch, leaning)) == Texts{"/1/dependencies/0: there is no task 'hers'"});
  CHECK(faults(app.post("bob", kBatch, telling)) == Texts{"/1/notify/onFailure/task: there is no task 'hers'"});
  CHECK_FALSE(is_there(app, "a"));
  CHECK(app.post("root:admin", kBatch, script).status == 201);
  CHECK(app.post("alice", kBatch, R"([{"name":"B","dependencies":["hers"]}])").status == 201);
}

TEST_CASE("the answer to a batch masks secrets, and a mask is no secret to store", "[batch]") {
  TestApp app;
  const auto made = app.post("alice", kBatch,
                             R"([{"name":"A","type":"api_call","config":{"method":"GET","url":"https://example.org/",
                                  "auth":{"bearer":"token-of-alice"}}}])");
  REQUIRE(made.status == 201);
  CHECK(made.text.find("token-of-alice") == std::string::npos);
  CHECK(made.body.at("tasks").at(0).at("config").at("auth").at("bearer") == "***");
  const auto masked = app.post("alice", kBatch,
                               R"([{"name":"A"},{"name":"B","type":"api_call","config":{"method":"GET",
                                    "url":"https://example.org/","auth":{"bearer":"***"}}}])");
  CHECK(masked.status == 422);
  REQUIRE(faults(masked).size() == 1);
  CHECK(faults(masked)[0].starts_with("/1/config: "));
  CHECK(masked.body.at("detail").as_string().starts_with("/1/config: "));
}
