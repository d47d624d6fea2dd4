// Tasks, for the contract: what their calls answer.
#include <boost/json/serialize.hpp>

#include "http/contract.hpp"
#include "support/catch.hpp"

namespace taskd::testing {

namespace json = boost::json;

namespace {

/// Each field with a value of its own.
constexpr std::string_view kFull = R"({
  "id": "full", "name": "Full", "description": "All of it", "type": "script",
  "config": {"command": "true", "args": ["a", 1, true], "cwd": null, "env": {"A": "b", "N": 1}, "stdin": {"a": 1}, "shell": false,
    "noRetryExitCodes": [2, 3], "limits": {"cpuSeconds": 1, "memoryBytes": 1048576, "openFiles": 8, "processes": 1, "fileBytes": 1}},
  "schedule": "daily at 2:00", "timezone": "Europe/Berlin", "startAt": "2027-01-01T00:00:00Z", "endAt": "2028-01-01t00:00:00.5+01:00",
  "maxRuns": 10, "calendar": "rest", "onClosedDay": "next_working_day", "scheduleJitter": 1000, "priority": "high",
  "dependencies": ["base"], "triggerRule": "any_completed", "onDependencyFailure": "cancel", "forEach": [1, {"a": null}, "x"],
  "maxRetries": 3, "retry": {"initialDelay": 1, "multiplier": 1.5, "maxDelay": 2, "jitter": "none"}, "timeout": 1000,
  "misfire": "run_all", "catchUpLimit": 2, "startDeadline": 1000, "overlap": "cancel_previous", "recovery": "fail", "maxLost": 1,
  "killGrace": 0, "queue": "mail", "concurrencyKey": "k", "uniqueKey": "u", "tags": ["a", "b"], "assignedTo": "bob",
  "notify": {"onFailure": {"task": "base"}, "onRecovery": [{"webhook": {"url": "https://example.com/", "secret": ["whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"]}}],
    "onLate": {"task": "base", "after": 1000}},
  "paused": true})";

constexpr std::string_view kWebhook = R"({
  "id": "hook", "name": "Hook", "type": "webhook",
  "config": {"url": "https://example.com/", "method": "put", "headers": {"X-A": "b", "Authorization": "Bearer x"}, "body": [1],
    "auth": {"basic": {"username": "u", "password": "p"}}, "timeout": 1000, "followRedirects": 2, "expectStatus": [200, "3xx"],
    "tls": {"verify": false, "ca": null}, "secret": "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}})";

void create(Contract& contract) {
  CHECK(contract.call("root:admin", "PUT", "/api/calendars/rest", R"({"weekdays":["sun"]})").status == 200);
  CHECK(contract.post("alice", "/api/tasks", R"({"id":"base","name":"Base"})").status == 201);
  CHECK(contract.post("alice", "/api/tasks", kFull).status == 201);
  CHECK(contract.post("alice", "/api/tasks", kWebhook).status == 201);
  CHECK(contract.post("alice", "/api/tasks?onConflict=keep", kFull).status == 200);
  CHECK(contract.post("alice", "/api/tasks", R"({"id":"base","name":"Base"})").status == 409);
  CHECK(contract.post("vera:viewer", "/api/tasks", R"({"name":"A"})").status == 403);
  CHECK(contract.post("alice", "/api/tasks", R"({"name":"A","dependencies":["nobody"]})").status == 422);
  CHECK(contract.post("alice", "/api/tasks", "[]").status == 422);
  CHECK(contract.post("alice", "/api/tasks:batch", R"([{"id":"base","name":"A"}])").status == 409);
  CHECK(contract.post("alice", "/api/tasks:batch", R"([{"name":"A"},{"nme":"A"}])").status == 422);
  for (const Operation& operation : contract.operations()) {
    if (operation.id() != "createTask" && operation.id() != "createTasks") continue;
    const auto& media = operation.body->at("content").at("application/json").as_object();
    for (const auto& [name, example] : media.at("examples").as_object()) {
      CHECK(contract.post_once("alice", operation.path, json::serialize(example.at("value"))).status == 201);
    }
  }
}

void quota(Contract& contract) {
  CHECK(contract.get("alice", "/api/quota").status == 200);
  taskcore::Options options;
  options.quota = {.tasks = 1, .runs = 1, .bytes = 1000};
  TestApp small({}, options);
  CHECK(small.post("alice", "/api/tasks", R"({"id":"a","name":"A"})").status == 201);
  contract.check(contract.named("getQuota"), "", small.get("alice", "/api/quota"));
  const auto refused = small.post("alice", "/api/tasks", R"({"name":"B"})");
  CHECK(refused.status == 403);
  contract.check(contract.named("createTask"), "", refused);
}

void edit(Contract& contract) {
  CHECK(contract.get("alice", "/api/tasks/base").status == 200);
  for (const char* method : {"PUT", "PATCH"}) {
    const auto change = [&](std::string_view body, HeaderList headers = {}) {
      return contract.call("alice", method, "/api/tasks/base", body, headers).status;
    };
    CHECK(change(R"({"description":"x","tags":null})") == 200);
    CHECK(change(contract.get("alice", "/api/tasks/base").text) == 200);
    CHECK(change(R"({"dependencies":["full"]})") == 409);
    CHECK(change(R"({"name":"B"})", {{"If-Match", "\"99\""}}) == 412);
    CHECK(change(R"({"unknown":1})") == 422);
  }
  CHECK(contract.call("alice", "PATCH", "/api/tasks/full", R"({"config":{"env":{"A":null,"B":"c"}}})").status == 200);
  CHECK(contract.call("alice", "PUT", "/api/tasks/hook", contract.get("alice", "/api/tasks/hook").text).status == 200);
}

/// Whoever sees the task, and may only look.
void look(Contract& contract) {
  CHECK(contract.post("alice", "/api/tasks", R"({"id":"seen","name":"Seen","assignedTo":["vera"]})").status == 201);
  for (const Operation& operation : contract.operations()) {
    if (!operation.path.starts_with("/api/tasks/{id}") || operation.method == "GET") continue;
    const auto* example = operation.example();
    const std::string body = example != nullptr ? json::serialize(*example) : "";
    CHECK(contract.call("vera:viewer", operation.method, path_with(operation, "seen"), body).status == 403);
  }
}

void list(Contract& contract) {
  for (const char* query :
       {"", "?limit=1", "?status=pending,running&type=script,custom&priority=low,high&sort=createdAt",
        "?tag=a&assignedTo=bob&createdBy=alice&q=full"}) {
    CHECK(contract.get("alice", "/api/tasks" + std::string(query)).status == 200);
  }
  CHECK(contract.get("alice", "/api/tasks?limit=0").status == 400);
  CHECK(contract.get("alice", "/api/tasks/stats").status == 200);
  CHECK(contract.get("alice", "/api/graph?tag=a,b&limit=1").status == 200);
  CHECK(contract.get("alice", "/api/graph?root=full&direction=up&depth=1").body.at("edges").as_array().size() == 1);
  CHECK(contract.get("alice", "/api/graph?depth=1").status == 400);
  CHECK(contract.get("alice", "/api/graph?root=nobody").status == 404);
}

void remove(Contract& contract) {
  const auto refused = [&](HeaderList headers) {
    return contract.call("alice", "DELETE", "/api/tasks/base", "", headers).status;
  };
  CHECK(refused({}) == 409);
  CHECK(refused({{"If-Match", "\"99\""}}) == 412);
  CHECK(contract.call("alice", "DELETE", "/api/tasks/full").status == 204);
}

}  // namespace

void exchange_tasks(Contract& contract) {
  create(contract);
  quota(contract);
  edit(contract);
  look(contract);
  list(contract);
  remove(contract);
}

}  // namespace taskd::testing
