// Schedules, retries, overlap, dependencies, pause, edits and deletion, as users see them.
#include <algorithm>

#include "support/catch.hpp"
#include "support/engine_world.hpp"

using namespace taskcore;
using namespace taskcore::testing;
using namespace std::chrono_literals;

TEST_CASE("a failing run is retried with growing delays and then fails") {
  World world(GENERATE(Kind::memory, Kind::sqlite));
  world.work = [](RunContext&) -> boost::json::value { throw std::runtime_error("no luck"); };
  REQUIRE(
      world.scheduler()
          .create(
              {.id = "t", .name = "T", .config = call("work"), .max_retries = 2, .retry = {1s, 3.0, 1h, Jitter::none}})
          .has_value());
  REQUIRE(world.host().start().has_value());
  const auto run = world.scheduler().execute("t");
  REQUIRE(run.has_value());
  world.host().advance(999ms);
  CHECK(world.calls["t"] == 1);
  CHECK(world.scheduler().get_run(run->id)->retry_at.has_value());
  world.host().advance(1ms);
  CHECK(world.calls["t"] == 2);
  world.host().advance(3s);
  CHECK(world.calls["t"] == 3);
  world.host().advance(1h);
  const auto ended = world.scheduler().get_run(run->id);
  CHECK(ended->status == Status::failed);
  CHECK(ended->attempts.size() == 3);
  CHECK(ended->error->message == "no luck");
}

TEST_CASE("an attempt that takes too long sees its stop token, and its error speaks of a timeout") {
  World world(GENERATE(Kind::memory, Kind::sqlite));
  REQUIRE(world.scheduler()
              .create({.id = "t", .name = "T", .config = call("hang"), .max_retries = 0, .timeout = 5s})
              .has_value());
  REQUIRE(world.host().start().has_value());
  const auto run = world.scheduler().execute("t");
  world.host().advance(6s);
  REQUIRE(world.hanging.size() == 1);
  world.hanging.begin()->second(Outcome::success());
  world.host().settle();
  const auto ended = world.scheduler().get_run(run->id);
  CHECK(ended->status == Status::failed);
  CHECK(ended->error->message.find("timeout") != std::string::npos);
  CHECK(ended->attempts.at(0).status == AttemptStatus::timed_out);
}

TEST_CASE("overlap decides what becomes of an instant while a run is live") {
  World world(GENERATE(Kind::memory, Kind::sqlite));
  const auto overlap = GENERATE(Overlap::skip, Overlap::queue, Overlap::allow);
  REQUIRE(world.scheduler()
              .create({.id = "t",
                       .name = "T",
                       .config = call("hang"),
                       .schedule = "every 1 minute",
                       .timeout = 24h,
                       .overlap = overlap})
              .has_value());
  REQUIRE(world.host().start().has_value());
  world.host().advance(3min + 1s);
  CHECK(world.calls["t"] == (overlap == Overlap::allow ? 3 : 1));
  const auto runs = world.scheduler().runs({.task_id = "t"});
  CHECK(runs->items.size() == (overlap == Overlap::allow ? 3 : overlap == Overlap::queue ? 2 : 1));
  if (overlap == Overlap::queue) {
    world.hanging.begin()->second(Outcome::success());
    world.host().settle();
    CHECK(world.calls["t"] == 2);
  }
}

TEST_CASE("manual runs queue behind the live one, in order, and none is dropped") {
  World world(GENERATE(Kind::memory, Kind::sqlite));
  REQUIRE(world.scheduler().create({.id = "t", .name = "T", .config = call("hang")}).has_value());
  REQUIRE(world.host().start().has_value());
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(world.scheduler().execute("t")->id);
  for (const std::string& id : ids) {
    world.host().settle();
    REQUIRE(world.hanging.size() == 1);
    CHECK(world.hanging.begin()->first == id);
    auto done = std::move(world.hanging.begin()->second);
    world.hanging.clear();
    done(Outcome::success());
  }
  world.host().settle();
  CHECK(world.scheduler().get("t")->status == Status::completed);
}

TEST_CASE("a run waits for its dependencies and names them, also when both are due at the same instant") {
  World world(GENERATE(Kind::memory, Kind::sqlite));
  REQUIRE(world.scheduler()
              .create({.id = "up", .name = "Up", .config = call("hang"), .schedule = "every 1 hour"})
              .has_value());
  REQUIRE(world.scheduler()
              .create({.id = "down",
                       .name = "Down",
                       .config = call("work"),
                       .schedule = "every 1 hour",
                       .dependencies = {"up"}})
              .has_value());
  REQUIRE(world.host().start().has_value());
  world.host().advance(1h + 1s);
  CHECK(world.calls["up"] == 1);
  CHECK(world.calls["down"] == 0);
  CHECK(world.scheduler().get("down")->waiting_on == std::vector<std::string>{"up"});
  world.hanging.begin()->second(Outcome::failure("broken", "broken", false));
  world.hanging.clear();
  world.host().advance(1min);
  CHECK(world.calls["down"] == 0);
  REQUIRE(world.scheduler().execute("up").has_value());
  world.host().settle();
  world.hanging.begin()->second(Outcome::success(42));
  world.work = [](RunContext& run) { return run.dependencies().at("up").at("result"); };
  world.host().settle();
  CHECK(world.calls["down"] == 1);
  CHECK(world.scheduler().runs({.task_id = "down"})->items.front().result == 42);
}

TEST_CASE("cycles, unknown dependencies and deletion of what others need are refused") {
  World world(GENERATE(Kind::memory, Kind::sqlite));
  Scheduler& scheduler = world.scheduler();
  REQUIRE(scheduler.create({.id = "a", .name = "A"}).has_value());
  REQUIRE(scheduler.create({.id = "b", .name = "B", .dependencies = {"a"}}).has_value());
  const auto cycle = scheduler.update("a", [](const Task&, TaskSpec& spec) -> Result<void> {
    spec.dependencies = {"b"};
    return {};
  });
  REQUIRE(cycle.has_error());
  CHECK(cycle.error().code == Errc::cycle);
  CHECK(cycle.error().detail.find("a -> b -> a") != std::string::npos);
  const auto unknown = scheduler.create({.id = "c", .name = "C", .dependencies = {"nobody"}});
  CHECK(unknown.error().detail.find("nobody") != std::string::npos);
  CHECK(scheduler.remove("a").error().code == Errc::has_dependents);

  REQUIRE(world.host().start().has_value());
  const auto waiting = scheduler.execute("b");
  REQUIRE(scheduler.remove("a", {.force = true}).has_value());
  const auto run = scheduler.get_run(waiting->id);
  CHECK(run->status == Status::cancelled);
  CHECK(run->reason == "dependency_deleted");
  CHECK(scheduler.get("a").error().code == Errc::not_found);
  CHECK(scheduler.create({.id = "a", .name = "A again"}).has_value());
}

TEST_CASE("a pause keeps the grid and records what it skipped") {
  World world(GENERATE(Kind::memory, Kind::sqlite));
  REQUIRE(world.scheduler()
              .create({.id = "t", .name = "T", .config = call("work"), .schedule = "every 10 minutes"})
              .has_value());
  REQUIRE(world.host().start().has_value());
  world.host().advance(11min);
  REQUIRE(world.scheduler().pause("t").has_value());
  world.host().advance(34min);
  CHECK(world.calls["t"] == 1);
  REQUIRE(world.scheduler().resume("t").has_value());
  world.host().advance(4min);
  CHECK(world.calls["t"] == 1);
  world.host().advance(1min);
  CHECK(world.calls["t"] == 2);
  const auto logs = world.scheduler().logs({.task_id = "t", .level = LogLevel::warn});
  REQUIRE(logs->items.size() == 1);
  CHECK(logs->items.front().data.at("count") == 3);
}

TEST_CASE("a clock that is set never starts a run early, nor twice for one instant") {
  World world(GENERATE(Kind::memory, Kind::sqlite));
  REQUIRE(world.scheduler()
              .create({.id = "t", .name = "T", .config = call("work"), .schedule = "every 1 hour"})
              .has_value());
  REQUIRE(world.host().start().has_value());
  world.host().advance(1h);
  CHECK(world.calls["t"] == 1);
  world.clock().jump(-30min);
  world.host().settle();
  world.host().advance(1h + 29min);
  CHECK(world.calls["t"] == 1);
  world.host().advance(1min);
  CHECK(world.calls["t"] == 2);
  world.clock().jump(3h);
  world.host().settle();
  CHECK(world.calls["t"] == 3);
}

TEST_CASE("ensure with an equal spec changes nothing, also when it counts from now") {
  World world(GENERATE(Kind::memory, Kind::sqlite));
  const TaskSpec spec{
      .id = "t", .name = "T", .config = call("work"), .schedule = GENERATE("every 1 hour", "in 10 minutes", "now")};
  const auto first = world.scheduler().ensure(spec);
  REQUIRE(first.has_value());
  world.host().advance(5min);
  const auto second = world.scheduler().ensure(spec);
  REQUIRE(second.has_value());
  CHECK(second->version == first->version);
  CHECK(second->next_run_at == first->next_run_at);
}

TEST_CASE("of many ready runs the priorities get their shares") {
  Options options;
  options.max_concurrent = 1;
  World world(GENERATE(Kind::memory, Kind::sqlite), options);
  std::string order;
  world.work = [&](RunContext& run) {
    order += run.task_id();
    return boost::json::value(nullptr);
  };
  for (const auto& [id, priority] :
       std::map<std::string, Priority>{{"h", Priority::high}, {"n", Priority::normal}, {"l", Priority::low}}) {
    REQUIRE(world.scheduler()
                .create({.id = id, .name = id, .config = call("work"), .priority = priority, .overlap = Overlap::allow})
                .has_value());
    REQUIRE(world.scheduler().submit(std::vector<ExecuteRequest>(40, {id})).has_value());
  }
  REQUIRE(world.host().start().has_value());
  world.host().settle();
  REQUIRE(order.size() == 120);
  const std::string first = order.substr(0, 20);
  CHECK(std::count(first.begin(), first.end(), 'h') == 14);
  CHECK(std::count(first.begin(), first.end(), 'n') == 5);
  CHECK(std::count(first.begin(), first.end(), 'l') == 1);
}

TEST_CASE("log pages give each line once, in order") {
  World world(GENERATE(Kind::memory, Kind::sqlite));
  world.work = [](RunContext& run) {
    run.log(LogLevel::info, "one");
    run.log(LogLevel::info, "two");
    return boost::json::value(nullptr);
  };
  REQUIRE(world.scheduler()
              .create({.id = "t", .name = "T", .config = call("work"), .schedule = "every 1 minute"})
              .has_value());
  REQUIRE(world.host().start().has_value());
  world.host().advance(5min);
  const auto whole = world.scheduler().logs({.task_id = "t", .limit = 1000});
  REQUIRE(whole->items.size() == 21);  // created, and start, one, two, end of each run
  const std::size_t limit = GENERATE(std::size_t{1}, std::size_t{3}, std::size_t{7});
  std::vector<std::string> paged;
  LogQuery query{.task_id = "t", .limit = limit};
  do {
    const auto page = world.scheduler().logs(query);
    REQUIRE(page.has_value());
    for (const LogEntry& line : page->items) paged.push_back(line.run_id + line.message);
    query.cursor = page->next_cursor;
  } while (!query.cursor.empty());
  REQUIRE(paged.size() == whole->items.size());
  for (std::size_t i = 0; i < paged.size(); ++i) CHECK(paged[i] == whole->items[i].run_id + whole->items[i].message);
}
