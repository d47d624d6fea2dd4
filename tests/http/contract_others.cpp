// What is neither tasks nor runs, for the contract; and what goes wrong with the server itself.
#include <boost/asio/system_executor.hpp>
#include <boost/json/parse.hpp>

#include "http/contract.hpp"
#include "support/catch.hpp"

namespace taskd::testing {

namespace {

const Operation& named(const Contract& contract, std::string_view id) {
  for (const Operation& operation : contract.operations()) {
    if (operation.id() == id) return operation;
  }
  throw std::logic_error("no such operation");
}

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
}

void server(Contract& contract) {
  CHECK(contract.get("", "/livez").status == 200);
  CHECK(contract.get("", "/readyz").status == 200);
  for (const char* path : {"/openapi.json", "/docs", "/docs/page.css"}) {
    const auto read = contract.get("", path);
    CHECK(read.status == 200);
    CHECK(contract.call("", "GET", path, "", {{"If-None-Match", *read.headers.get("ETag")}}).status == 304);
  }
}

/// The limit is the same for all calls, so one is enough.
void too_many(Contract& contract) {
  AppOptions options;
  options.jwt = std::make_shared<const Jwt>(JwtPolicy{Secret(std::string(32, 'k')), {}, {}, std::chrono::seconds(60)});
  options.limiter = std::make_shared<RateLimiter>(1);
  options.is_stopping = [] { return false; };
  const Handler handler =
      make_app(std::make_shared<Api>(Api{contract.app().scheduler(), boost::asio::system_executor()}), options);
  for (const int status : {401, 429}) {
    auto request = std::make_shared<Request>();
    request->path = "/api/tasks";
    request->segments = {"api", "tasks"};
    request->remote_address = "127.0.0.1";
    AppAnswer answer;
    handler(request, [&](Response response) {
      answer = {response.status, response.headers, response.body, boost::json::parse(response.body)};
    });
    CHECK(answer.status == status);
    contract.check(named(contract, "listTasks"), "", answer);
  }
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
  server(contract);
  too_many(contract);
  refusals(contract);
  stopped(contract);
}

}  // namespace taskd::testing
