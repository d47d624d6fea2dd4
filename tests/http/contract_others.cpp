// What is neither tasks nor runs, for the contract; and what goes wrong with the server itself.
#include <boost/asio/post.hpp>
#include <future>

#include "http/contract.hpp"
#include "support/catch.hpp"

namespace taskd::testing {

namespace {

void schedules(Contract& contract) {
  const std::string next = "/api/schedules/next?schedule=daily%20at%202:30&timezone=Europe/Berlin&count=3";
  CHECK(contract.get("alice", next + "&from=2026-03-27T12:00:00Z").status == 200);
  CHECK(contract.get("alice", "/api/schedules/next?schedule=nonsense").status == 400);
  const std::string rest = "/api/calendars/closed";
  const auto put = contract.call("root:admin", "PUT", rest, R"({"dates":["12-25"],"icalendar":null})");
  CHECK(put.status == 200);
  CHECK(contract.call("root:admin", "PUT", rest, put.text).status == 200);
  CHECK(contract.call("root:admin", "PUT", rest, R"({"dates":["never"]})").status == 422);
  CHECK(contract.call("alice", "PUT", rest, "{}").status == 403);
  CHECK(contract.get("alice", rest).status == 200);
  CHECK(contract.get("alice", "/api/calendars?limit=1").status == 200);
  CHECK(contract.get("alice", next + "&calendar=closed&onClosedDay=next_working_day").status == 200);
  CHECK(
      contract.post("alice", "/api/tasks", R"({"id":"kept","name":"K","schedule":"daily at 2:00","calendar":"closed"})")
          .status == 201);
  CHECK(contract.call("root:admin", "DELETE", rest).status == 409);
  CHECK(contract.call("alice", "DELETE", "/api/tasks/kept").status == 204);
  CHECK(contract.call("root:admin", "DELETE", rest).status == 204);
}

void queues(Contract& contract) {
  const auto set = contract.call("root:admin", "PUT", "/api/queues/mail",
                                 R"({"limit":2,"keyLimit":3,"rate":{"limit":10,"period":1000},"paused":null})");
  CHECK(set.status == 200);
  CHECK(contract.call("root:admin", "PUT", "/api/queues/mail", set.text).status == 200);
  CHECK(contract.get("root:admin", "/api/queues").status == 200);
  CHECK(contract.get("alice", "/api/queues").status == 403);
  CHECK(contract.get("root:admin", "/api/nodes").status == 200);
}

void audit(Contract& contract) {
  CHECK(contract.get("root:admin", "/api/audit?actor=alice&action=task.create&since=2001-01-01T00:00:00Z").status ==
        200);
  CHECK(contract.get("root:admin", "/api/audit?format=ndjson&limit=2").headers.get("Next-Cursor"));
  const auto lines = contract.call("root:admin", "GET", "/api/audit", "", {{"Accept", "application/x-ndjson"}});
  CHECK(lines.headers.get("Content-Type") == "application/x-ndjson");
}

void server(Contract& contract) {
  for (const char* path : {"/livez", "/readyz", "/metrics", "/openapi.json", "/docs", "/docs/page.css"}) {
    CHECK(contract.get("", path).status == 200);
  }
  const auto open = contract.call("", "GET", "/metrics", "", {{"Accept", "application/openmetrics-text"}});
  CHECK(open.text.ends_with("# EOF\n"));
  CHECK(contract.call("", "GET", "/metrics", "", {{"If-None-Match", "*"}}).status == 304);
}

/// What other settings, and other states, make of the same calls.
void other_servers(Contract& contract) {
  TestApp limited({}, {}, [](AppOptions& options) { options.limiter = std::make_shared<RateLimiter>(1); });
  for (const int status : {401, 429}) {
    const auto answer = limited.get("", "/api/tasks");
    CHECK(answer.status == status);
    contract.check(contract.named("listTasks"), "", answer);
  }
  TestApp closed({}, {}, [](AppOptions& options) { options.metrics_need_admin = true; });
  for (const char* who : {"", "alice", "root:admin"}) {
    contract.check(contract.named("getMetrics"), "", closed.get(who, "/metrics"));
  }
  TestApp stopping({}, {}, [](AppOptions& options) { options.is_stopping = [] { return true; }; });
  const auto not_ready = stopping.get("", "/readyz");
  CHECK(not_ready.status == 503);
  contract.check(contract.named("isReady"), "", not_ready);
}

void hanging(Contract& contract) {
  std::promise<void> begun;
  std::promise<void> go_on;
  TestApp app({}, {}, [](AppOptions& options) { options.pulse_patience = std::chrono::milliseconds(-1); });
  boost::asio::post(app.scheduler().get_executor(), [&] {
    begun.set_value();
    go_on.get_future().wait();
  });
  begun.get_future().wait();
  const auto first = app.get("", "/livez");
  const auto second = app.get("", "/livez");
  go_on.set_value();
  CHECK(first.status == 200);
  CHECK(second.status == 503);
  contract.check(contract.named("isAlive"), "", second);
}

/// A path that is not there, and on each that is the methods that it does not know.
void refusals(Contract& contract) {
  contract.check_failure(contract.app().get("alice", "/api/nothing"));
  for (const auto& [path, item] : contract.document().at("paths").as_object()) {
    std::string allow;
    std::string target;
    for (const Operation& operation : contract.operations()) {
      if (operation.path != path) continue;
      allow += operation.method + (operation.method == "GET" ? ", HEAD, " : ", ");
      target = path_with(operation, "a");
    }
    allow += "OPTIONS";
    const auto asked = contract.app().call("alice", "OPTIONS", target);
    CHECK(asked.headers.get("Allow") == allow);
    for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"}) {
      if (allow.find(method) != std::string::npos) continue;
      INFO(method << " " << target);
      const auto refused = contract.app().call("alice", method, target);
      CHECK(refused.status == 405);
      CHECK(refused.headers.get("Allow") == allow);
      contract.check_failure(refused);
    }
  }
}

void stopped(Contract& contract) {
  REQUIRE(contract.app().scheduler().stop(std::chrono::milliseconds(0)).has_value());
  CHECK(contract.post("alice", "/api/tasks", R"({"name":"Late"})").status == 503);
}

}  // namespace

void exchange_the_rest(Contract& contract) {
  schedules(contract);
  queues(contract);
  audit(contract);
  server(contract);
  other_servers(contract);
  hanging(contract);
  refusals(contract);
  stopped(contract);
}

}  // namespace taskd::testing
