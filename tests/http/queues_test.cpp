// Queues over REST: who may set them, what is wrong with a setting, and that it holds.
#include <boost/json/parse.hpp>

#include "http/test_app.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;
namespace json = boost::json;

namespace {

std::string pointers(const json::value& body) {
  std::string out;
  for (const auto& error : body.at("errors").as_array()) out += error.at("pointer").as_string().c_str();
  return out;
}

json::value queue_named(const json::value& list, std::string_view name) {
  for (const auto& queue : list.at("queues").as_array()) {
    if (queue.at("name") == json::value(name)) return queue;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("administrators see and set queues, others do not", "[queues]") {
  TestApp app;
  for (const char* who : {"alice", "vera:viewer"}) {
    CHECK(app.get(who, "/api/queues").status == 403);
    CHECK(app.call(who, "PUT", "/api/queues/mail", "{}").status == 403);
  }
  const auto first = app.get("root:admin", "/api/queues");
  REQUIRE(first.status == 200);
  CHECK(first.body.at("nextCursor").is_null());
  CHECK(queue_named(first.body, "default") ==
        json::parse(R"({"name":"default","limit":null,"keyLimit":1,"rate":null,"keyRate":null,"paused":false,)"
                    R"("ready":0,"delayed":0,"running":0,"updatedAt":null})"));
  const auto set = app.call("root:admin", "PUT", "/api/queues/mail",
                            R"({"limit":2,"keyLimit":3,"rate":{"limit":10,"period":1000}})");
  REQUIRE(set.status == 200);
  CHECK(set.body.at("limit") == 2);
  CHECK(set.body.at("keyLimit") == 3);
  CHECK(set.body.at("rate") == json::parse(R"({"limit":10,"period":1000})"));
  CHECK(set.body.at("updatedAt").is_string());
  CHECK(app.call("root:admin", "PUT", "/api/queues/mail", set.text).text == set.text);  // as it was read
  CHECK(queue_named(app.get("root:admin", "/api/queues").body, "mail") == set.body);
  const auto cleared = app.call("root:admin", "PUT", "/api/queues/mail", "{}");
  CHECK(cleared.body.at("limit").is_null());
  CHECK(cleared.body.at("keyLimit") == 1);
}

TEST_CASE("what is wrong with a queue is said field by field", "[queues]") {
  TestApp app;
  const auto wrong = [&](std::string_view body, std::string_view name = "mail") {
    const auto answer = app.call("root:admin", "PUT", "/api/queues/" + std::string(name), body);
    CHECK(answer.status == 422);
    return pointers(answer.body);
  };
  CHECK(wrong(R"({"limit":0,"keyLimit":100001})") == "/limit/keyLimit");
  CHECK(wrong(R"({"rate":{"limit":0,"period":0},"keyRate":{"limit":1,"period":86400001}})") ==
        "/rate/limit/rate/period/keyRate/period");
  CHECK(wrong(R"({"rate":5})") == "/rate");
  CHECK(wrong(R"({"rate":{"limit":5}})") == "/rate/period");
  CHECK(wrong(R"({"key_limit":5})") == "/key_limit");
  CHECK(wrong(R"({"name":"other"})") == "/name");
  CHECK(wrong("{}", "a%20b") == "/name");
  CHECK(app.get("root:admin", "/api/queues?limit=1").status == 400);
}

TEST_CASE("of a paused queue nothing starts, and it shows what waits", "[queues]") {
  TestApp app;
  REQUIRE(app.call("root:admin", "PUT", "/api/queues/mail", R"({"paused":true})").status == 200);
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"t","name":"T","queue":"mail","concurrencyKey":"k"})").status ==
          201);
  CHECK(app.get("alice", "/api/tasks/t").body.at("concurrencyKey") == "k");
  const auto run = app.post("alice", "/api/tasks/t/execute", "");
  REQUIRE(run.status == 202);
  CHECK(run.body.at("status") == "pending");
  CHECK(queue_named(app.get("root:admin", "/api/queues").body, "mail").at("ready") == 1);
  REQUIRE(app.call("root:admin", "PUT", "/api/queues/mail", R"({"paused":false})").status == 200);
  const auto ended = app.scheduler().wait(run.body.at("id").as_string().c_str());
  CHECK(ended.value().status == taskcore::Status::completed);
}
