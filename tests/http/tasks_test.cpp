// Tasks through the interface: create, read, list, edit, delete.
#include <boost/json/serialize.hpp>

#include "http/test_app.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;
namespace json = boost::json;

TEST_CASE("a created task is found where Location says", "[tasks]") {
  TestApp app;
  const auto made =
      app.post("alice", "/api/tasks", R"({"id":"a:b.c","name":"A","schedule":"daily at 2:00","priority":"high"})");
  REQUIRE(made.status == 201);
  CHECK(made.headers.get("Location") == "/api/tasks/a%3Ab.c");
  const auto read = app.get("alice", *made.headers.get("Location"));
  CHECK(read.status == 200);
  CHECK(read.body == made.body);
  CHECK(read.headers.get("ETag") == made.headers.get("ETag"));
  CHECK(read.body.at("createdBy") == "alice");
  CHECK(read.body.at("status") == "pending");
  CHECK(read.body.at("lastRun").is_null());
}

TEST_CASE("what is wrong with a task is said field by field", "[tasks]") {
  TestApp app;
  const auto bad = app.post("alice", "/api/tasks", R"({"name":7,"prio":"high","schedule":"now and then"})");
  CHECK(bad.status == 422);
  CHECK(bad.body.at("errors").as_array().size() >= 2);
  CHECK(app.post("alice", "/api/tasks", "{").status == 400);
  CHECK(app.post("alice", "/api/tasks", R"({"name":"a","name":"b"})").status == 400);
  CHECK(app.post("alice", "/api/tasks", "[]").status == 422);
  CHECK(app.post("alice", "/api/tasks").status == 400);
  CHECK(app.post("alice", "/api/tasks?nope=1", R"({"name":"A"})").status == 400);
  CHECK(app.call("alice", "POST", "/api/tasks", R"({"name":"A"})", {{"Content-Type", "text/plain"}}).status == 415);
  CHECK(app.post("alice", "/api/tasks", R"({"name":"A","id":"stats"})").status == 422);
  CHECK(app.call("alice", "PUT", "/api/tasks", "{}").status == 405);
}

TEST_CASE("a taken id and a cycle are conflicts", "[tasks]") {
  TestApp app;
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"a","name":"A"})").status == 201);
  CHECK(app.post("alice", "/api/tasks", R"({"id":"a","name":"B"})").status == 409);
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"b","name":"B","dependencies":["a"]})").status == 201);
  const auto cycle = app.call("alice", "PATCH", "/api/tasks/a", R"({"dependencies":["b"]})");
  CHECK(cycle.status == 409);
  CHECK(cycle.text.find("cycle") != std::string::npos);
}

TEST_CASE("what was read can be sent back, changed", "[tasks]") {
  TestApp app;
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"a","name":"A","schedule":"daily at 2:00"})").status == 201);
  CHECK(app.call("alice", "POST", "/api/tasks/a/execute", "", {{"Prefer", "wait=10"}}).status == 200);
  json::object task = app.get("alice", "/api/tasks/a").body.as_object();
  REQUIRE(task.at("lastRun").is_object());
  task["description"] = "changed";
  const auto put = app.call("alice", "PUT", "/api/tasks/a", json::serialize(task));
  REQUIRE(put.status == 200);
  CHECK(put.body.at("description") == "changed");
  CHECK(put.body.at("version") == 2);
  task["status"] = "failed";
  CHECK(app.call("alice", "PUT", "/api/tasks/a", json::serialize(task)).status == 422);
  CHECK(app.call("alice", "PATCH", "/api/tasks/a", R"({"unknown":1})").status == 422);
  CHECK(app.call("alice", "PATCH", "/api/tasks/a", R"({"description":null})").body.at("description") == "");
}

TEST_CASE("If-Match guards edits and removals", "[tasks]") {
  TestApp app;
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"a","name":"A"})").status == 201);
  const std::string tag(*app.get("alice", "/api/tasks/a").headers.get("ETag"));
  CHECK(app.call("alice", "PATCH", "/api/tasks/a", R"({"name":"B"})", {{"If-Match", tag}}).status == 200);
  CHECK(app.call("alice", "PATCH", "/api/tasks/a", R"({"name":"C"})", {{"If-Match", tag}}).status == 412);
  CHECK(app.call("alice", "PATCH", "/api/tasks/a", R"({"name":"C"})", {{"If-Match", "\"9\", \"2\""}}).status == 200);
  CHECK(app.call("alice", "PATCH", "/api/tasks/a", R"({"name":"D"})", {{"If-Match", "W/\"3\""}}).status == 412);
  CHECK(app.call("alice", "PATCH", "/api/tasks/a", R"({"name":"D"})", {{"If-Match", "rubbish"}}).status == 412);
  CHECK(app.call("alice", "DELETE", "/api/tasks/a", "", {{"If-Match", tag}}).status == 412);
  CHECK(app.call("alice", "DELETE", "/api/tasks/a", "", {{"If-Match", "*"}}).status == 204);
}

TEST_CASE("If-None-Match saves a body until something changes, be it only a run", "[tasks]") {
  TestApp app;
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"a","name":"A"})").status == 201);
  const std::string tag(*app.get("alice", "/api/tasks/a").headers.get("ETag"));
  const auto same = app.call("alice", "GET", "/api/tasks/a", "", {{"If-None-Match", tag}});
  CHECK(same.status == 304);
  CHECK(same.text.empty());
  CHECK(app.call("alice", "GET", "/api/tasks/a", "", {{"If-None-Match", "\"x\", W/" + tag}}).status == 304);
  CHECK(app.call("alice", "POST", "/api/tasks/a/execute", "", {{"Prefer", "wait=10"}}).status == 200);
  CHECK(app.call("alice", "GET", "/api/tasks/a", "", {{"If-None-Match", tag}}).status == 200);
  // The run is no edit: the tag from before it still allows one.
  CHECK(app.call("alice", "PATCH", "/api/tasks/a", R"({"name":"B"})", {{"If-Match", tag}}).status == 200);
}

TEST_CASE("If-Match takes several tags, in one field or many, and a star among them", "[tasks]") {
  TestApp app;
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"a","name":"A"})").status == 201);
  const std::string tag(*app.get("alice", "/api/tasks/a").headers.get("ETag"));
  const auto edit = [&](std::string_view method, std::string_view match) {
    return app.call("alice", method, "/api/tasks/a", R"({"description":"x"})", {{"If-Match", match}});
  };
  CHECK(edit("PUT", "\"7\", \"1\"").status == 200);
  CHECK(edit("PUT", "\"1\", \"7\"").status == 412);
  CHECK(edit("PATCH", tag).status == 412);
  CHECK(edit("PATCH", "\"x\",*").status == 200);
  CHECK(edit("PATCH", "").status == 412);
  // As it is tagged in its gzip form.
  const std::string now(*app.get("alice", "/api/tasks/a").headers.get("ETag"));
  CHECK(edit("PUT", now.substr(0, now.size() - 1) + "-gz\"").status == 200);
  CHECK(app.call("alice", "DELETE", "/api/tasks/a", "", {{"If-Match", "\"77\", \"78\""}}).status == 412);
  CHECK(app.call("alice", "DELETE", "/api/tasks/nobody", "", {{"If-Match", "*"}}).status == 404);
}

TEST_CASE("runs, lists and statistics are not sent again while they are the same", "[tasks]") {
  TestApp app;
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"a","name":"A"})").status == 201);
  const auto run = app.call("alice", "POST", "/api/tasks/a/execute", "", {{"Prefer", "wait=10"}});
  REQUIRE(run.status == 200);
  const std::string id(run.body.at("id").as_string());
  for (const std::string& target : {std::string("/api/runs/") + id, std::string("/api/tasks"), std::string("/api/runs"),
                                    std::string("/api/tasks/stats"), std::string("/api/tasks/a/logs")}) {
    INFO(target);
    const auto first = app.get("alice", target);
    REQUIRE(first.status == 200);
    const std::string tag(*first.headers.get("ETag"));
    const auto again = app.call("alice", "GET", target, "", {{"If-None-Match", tag}});
    CHECK(again.status == 304);
    CHECK(again.headers.get("ETag") == tag);
    CHECK(app.call("alice", "HEAD", target, "", {{"If-None-Match", tag}}).status == 304);
  }
  const std::string tag(*app.get("alice", "/api/tasks").headers.get("ETag"));
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"b","name":"B"})").status == 201);
  CHECK(app.call("alice", "GET", "/api/tasks", "", {{"If-None-Match", tag}}).status == 200);
}

TEST_CASE("HEAD is answered as GET, and each path tells its methods", "[tasks]") {
  TestApp app;
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"a","name":"A"})").status == 201);
  for (const char* target : {"/api/tasks/a", "/api/tasks", "/livez", "/api/tasks/none"}) {
    INFO(target);
    const auto get = app.get("alice", target);
    const auto head = app.call("alice", "HEAD", target);
    CHECK(head.status == get.status);
    CHECK(head.text == get.text);  // The session leaves it out, and tells its length.
    CHECK(head.headers.get("ETag") == get.headers.get("ETag"));
    CHECK(head.headers.get("Content-Type") == get.headers.get("Content-Type"));
  }
  CHECK(app.call("alice", "OPTIONS", "/api/tasks/a").headers.get("Allow") == "GET, HEAD, PUT, PATCH, DELETE, OPTIONS");
  CHECK(app.call("", "OPTIONS", "*").headers.get("Allow") == "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  const auto wrong = app.call("alice", "DELETE", "/api/tasks");
  CHECK(wrong.status == 405);
  CHECK(wrong.headers.get("Allow") == "GET, HEAD, POST, OPTIONS");
}

TEST_CASE("a task that others need is deleted by force only", "[tasks]") {
  TestApp app;
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"a","name":"A"})").status == 201);
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"b","name":"B","dependencies":["a"]})").status == 201);
  CHECK(app.call("alice", "DELETE", "/api/tasks/a").status == 409);
  CHECK(app.call("alice", "DELETE", "/api/tasks/a?force=maybe").status == 400);
  CHECK(app.call("alice", "DELETE", "/api/tasks/a?force=true").status == 204);
  CHECK(app.get("alice", "/api/tasks/a").status == 404);
  CHECK(app.call("alice", "DELETE", "/api/tasks/a").status == 404);
}

TEST_CASE("lists are filtered, sorted and paged", "[tasks]") {
  TestApp app;
  for (int i = 0; i < 7; ++i) {
    const std::string id = "t" + std::to_string(i);
    REQUIRE(app.post("alice", "/api/tasks",
                     R"({"id":")" + id + R"(","name":"Task )" + id + R"(","priority":")" + (i % 2 ? "high" : "low") +
                         R"(","tags":["n)" + std::to_string(i % 3) + R"("]})")
                .status == 201);
  }
  const auto ids = [&](const std::string& query) {
    std::string out;
    const auto page = app.get("alice", "/api/tasks" + query);
    for (const auto& task : page.body.at("tasks").as_array()) {
      out += std::string(task.at("id").as_string()) + " ";
    }
    return out;
  };
  CHECK(ids("") == "t6 t5 t4 t3 t2 t1 t0 ");
  CHECK(ids("?sort=createdAt&limit=2") == "t0 t1 ");
  CHECK(ids("?priority=high") == "t5 t3 t1 ");
  CHECK(ids("?priority=high,low&tag=n0") == "t6 t3 t0 ");
  CHECK(ids("?tag=n0&tag=n1") == "t6 t4 t3 t1 t0 ");
  CHECK(ids("?status=running,failed").empty());
  CHECK(ids("?type=custom&createdBy=alice&q=TASK%20t4") == "t4 ");
  CHECK(ids("?assignedTo=bob").empty());
  std::string all;
  std::string cursor;
  do {
    const auto page =
        app.get("alice", "/api/tasks?limit=3" + (cursor.empty() ? "" : "&cursor=" + percent_encode(cursor)));
    REQUIRE(page.status == 200);
    for (const auto& task : page.body.at("tasks").as_array()) all += std::string(task.at("id").as_string()) + " ";
    cursor = page.body.at("nextCursor").is_null() ? "" : std::string(page.body.at("nextCursor").as_string());
  } while (!cursor.empty());
  CHECK(all == "t6 t5 t4 t3 t2 t1 t0 ");
}

TEST_CASE("a wrong query parameter is a 400 that names it", "[tasks]") {
  TestApp app;
  for (const std::string& query : std::vector<std::string>{
           "limit=0", "limit=1001", "limit=x", "limit=", "limit=5&limit=6", "status=done", "status=", "priority=urgent",
           "sort=name", "cursor=garbage", "page=2", "Status=pending"}) {
    INFO(query);
    const auto answer = app.get("alice", "/api/tasks?" + query);
    CHECK(answer.status == 400);
    CHECK(answer.headers.get("Content-Type") == "application/problem+json");
  }
  CHECK(app.get("alice", "/api/tasks?limit=1000").status == 200);
  CHECK(app.get("alice", "/api/tasks/stats?x=1").status == 400);
}
