// GET /api/events: what is told to whom, and how a client that comes back goes on.
#include <algorithm>
#include <deque>
#include <memory>

#include "http/event_client.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr std::string_view kEvents = "/api/events";

std::string task(std::string_view id, std::string_view more = {}) {
  return R"({"id":")" + std::string(id) + R"(","name":"N")" + std::string(more) + "}";
}

void add(LiveServer& server, std::string_view who, std::string_view id, std::string_view more = {}) {
  REQUIRE(server.app.post(who, "/api/tasks", task(id, more)).status == 201);
}

void run(LiveServer& server, std::string_view who, const std::string& id) {
  const auto answer = server.app.call(who, "POST", "/api/tasks/" + id + "/execute", "", {{"Prefer", "wait=20"}});
  REQUIRE(answer.status == 200);
}

/// "type task" of all events until the task `last` is made.
std::vector<std::string> told_until(EventClient& client, std::string_view last) {
  std::vector<std::string> out;
  while (const auto event = client.next()) {
    if (event->text("taskId") == last) return out;
    out.push_back(event->text("type") + " " + event->text("taskId"));
  }
  FAIL("the stream ended");
  return out;
}

}  // namespace

TEST_CASE("events come in order, each with an id that grows", "[events]") {
  LiveServer server;
  auto client = server.open("alice", kEvents);
  REQUIRE(client.response().status == 200);
  CHECK(client.response().headers.at("content-type") == "text/event-stream");
  CHECK(client.response().headers.at("cache-control") == "no-store");
  add(server, "alice", "a");
  run(server, "alice", "a");
  std::uint64_t last = 0;
  std::vector<std::string> types;
  while (types.size() < 4) {
    const auto event = client.next().value();
    types.push_back(event.text("type"));
    CHECK(event.name == types.back().substr(0, types.back().find('.')));
    CHECK(event.text("taskId") == "a");
    CHECK(event.data.at("runId").is_null() == (event.name == "task"));
    CHECK(event.text("time").size() == 24);
    const auto id = std::stoull(event.id);
    CHECK(id > last);
    CHECK(event.data.at("seq").to_number<std::uint64_t>() == id);
    last = id;
    if (types.back() == "run.settled") CHECK(event.text("status") == "completed");
  }
  CHECK(types == std::vector<std::string>{"task.created", "run.created", "run.started", "run.settled"});
}

TEST_CASE("everybody hears of the tasks that they may see, and of no other", "[events]") {
  LiveServer server;
  add(server, "alice", "old");
  std::deque<EventClient> clients;
  for (const std::string_view who : {"root:admin", "alice", "bob", "viewer:viewer", "carol"}) {
    clients.emplace_back(server.listener.port(), kEvents, server.app.token(who));
  }
  add(server, "alice", "hers");
  add(server, "alice", "shared", R"(,"assignedTo":["bob","viewer"])");
  run(server, "alice", "hers");
  run(server, "bob", "shared");
  REQUIRE(server.app.call("alice", "DELETE", "/api/tasks/old").status == 204);
  REQUIRE(server.app.call("alice", "DELETE", "/api/tasks/hers").status == 204);
  add(server, "alice", "end", R"(,"assignedTo":["bob","viewer","carol"])");

  const auto all = told_until(clients[0], "end");
  CHECK(told_until(clients[1], "end") == all);
  CHECK(std::count(all.begin(), all.end(), "task.deleted old") == 1);
  CHECK(std::count(all.begin(), all.end(), "task.deleted hers") == 1);
  const std::vector<std::string> shared{"task.created shared", "run.created shared", "run.started shared",
                                        "run.settled shared"};
  CHECK(told_until(clients[2], "end") == shared);
  CHECK(told_until(clients[3], "end") == shared);
  CHECK(told_until(clients[4], "end").empty());
}

TEST_CASE("the one who gets the id of a deleted task does not hear of what was before", "[events]") {
  LiveServer server;
  auto first = server.open("bob", kEvents);
  add(server, "alice", "x");
  REQUIRE(server.app.call("alice", "DELETE", "/api/tasks/x").status == 204);
  add(server, "bob", "x");
  add(server, "bob", "end");
  CHECK(told_until(first, "end") == std::vector<std::string>{"task.created x"});
}

TEST_CASE("events can be had of one task and of some types", "[events]") {
  LiveServer server;
  add(server, "alice", "a");
  auto settled = server.open("alice", "/api/events?taskId=a&type=run.settled,task");
  run(server, "alice", "a");
  add(server, "alice", "b");
  REQUIRE(server.app.call("alice", "DELETE", "/api/tasks/a").status == 204);
  CHECK(settled.next()->text("type") == "run.settled");
  CHECK(settled.next()->text("type") == "task.deleted");

  CHECK(server.app.get("alice", "/api/events?type=gossip").status == 400);
  CHECK(server.app.get("alice", "/api/events?limit=3").status == 400);
  CHECK(server.app.get("", kEvents).status == 401);
  const auto hidden = server.app.get("carol", "/api/events?taskId=b");
  CHECK(hidden.status == 404);
  CHECK(hidden.body.at("detail") == "There is no task \"b\".");
}

TEST_CASE("a client that comes back misses nothing and hears nothing twice", "[events]") {
  LiveServer server;
  auto whole = server.open("alice", kEvents);
  add(server, "alice", "a");
  for (int i = 0; i < 3; ++i) run(server, "alice", "a");
  std::vector<std::string> ids;
  while (ids.size() < 10) ids.push_back(whole.next()->id);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    auto again = server.open("alice", kEvents, ids[i]);
    for (std::size_t k = i + 1; k < ids.size(); ++k) CHECK(again.next()->id == ids[k]);
  }
}

TEST_CASE("a client that comes back too late, or with an id of another life, is told to begin anew", "[events]") {
  LiveLimits limits;
  limits.kept_events = 4;
  LiveServer server({}, limits);
  auto whole = server.open("alice", kEvents);
  add(server, "alice", "a");
  const std::string first = whole.next()->id;
  for (int i = 0; i < 3; ++i) run(server, "alice", "a");
  std::string last;
  for (int i = 0; i < 9; ++i) last = whole.next()->id;
  for (const std::string& id : {first, std::string("17"), std::string("99999999999999999"), std::string("gossip")}) {
    auto again = server.open("alice", kEvents, id);
    const auto event = again.next().value();
    CHECK(event.name == "reset");
    CHECK(std::stoull(event.id) >= std::stoull(last));
  }
  auto latest = server.open("alice", kEvents, last);
  add(server, "alice", "b");
  CHECK(latest.next()->text("taskId") == "b");
}

TEST_CASE("a quiet stream says how far it is, so that events of others do not make it too old", "[events]") {
  HttpOptions options;
  options.heartbeat = milliseconds(10);
  LiveLimits limits;
  limits.kept_events = 2;
  LiveServer server(options, limits);
  auto carol = server.open("carol", kEvents);
  auto alice = server.open("alice", kEvents);
  std::string last;
  for (const std::string_view id : {"a", "b", "c", "d"}) {
    add(server, "alice", id);
    last = alice.next()->id;
  }
  do carol.wait_for_heartbeat();
  while (std::stoull(carol.last_id()) < std::stoull(last));
  auto again = server.open("carol", kEvents, carol.last_id());
  add(server, "carol", "mine");
  CHECK(again.next()->name == "task");
}

TEST_CASE("a user has so many streams and no more, and so has the server", "[events]") {
  LiveLimits limits;
  limits.streams = 3;
  limits.streams_per_user = 2;
  LiveServer server({}, limits);
  auto first = std::make_unique<EventClient>(server.listener.port(), kEvents, server.app.token("alice"));
  auto second = server.open("alice", kEvents);
  const auto third = server.open("alice", kEvents).response();
  CHECK(third.status == 429);
  CHECK(third.headers.count("retry-after") == 1);
  auto other = server.open("bob", kEvents);
  CHECK(other.response().status == 200);
  const auto beyond = server.open("carol", kEvents).response();
  CHECK(beyond.status == 503);
  CHECK(beyond.headers.count("retry-after") == 1);
  // A client that goes gives back its place.
  first.reset();
  bool again = false;
  for (int i = 0; i < 10'000 && !again; ++i) again = server.open("alice", kEvents).response().status == 200;
  CHECK(again);
}

TEST_CASE("a stream ends with its token", "[events]") {
  LiveServer server;
  // The leeway is 60 seconds: this one has two left.
  EventClient client(server.listener.port(), kEvents, server.app.token("alice", seconds(-58)));
  REQUIRE(client.response().status == 200);
  CHECK_FALSE(client.next().has_value());
}
