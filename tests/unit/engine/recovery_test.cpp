// What a crash leaves: nothing lost, nothing doubled, attempts of dead processes run again.
#include "support/catch.hpp"
#include "support/engine_world.hpp"

using namespace taskcore;
using namespace taskcore::testing;
using namespace std::chrono_literals;

TEST_CASE("a schedule goes on after a crash, with one run for each instant") {
  World world(GENERATE(Kind::memory, Kind::sqlite));
  REQUIRE(world.scheduler()
              .create({.id = "t", .name = "T", .config = call("work"), .schedule = "every 1 minute"})
              .has_value());
  REQUIRE(world.host().start().has_value());
  world.host().advance(5min);
  CHECK(world.calls["t"] == 5);
  world.crash();
  REQUIRE(world.host().start().has_value());
  world.host().advance(5min);
  CHECK(world.calls["t"] == 10);
  const auto runs = world.scheduler().runs({.task_id = "t", .limit = 100});
  REQUIRE(runs.has_value());
  CHECK(runs->items.size() == 10);
  for (const Run& run : runs->items) CHECK(run.status == Status::completed);
}

TEST_CASE("a run whose process died is run again, and the lost attempt uses up no retry") {
  World world(GENERATE(Kind::memory, Kind::sqlite));
  REQUIRE(world.scheduler().create({.id = "t", .name = "T", .config = call("hang"), .max_retries = 0}).has_value());
  REQUIRE(world.host().start().has_value());
  const auto run = world.scheduler().execute("t");
  REQUIRE(run.has_value());
  world.host().settle();
  CHECK(world.calls["t"] == 1);
  world.crash();
  REQUIRE(world.host().start().has_value());
  world.host().advance(10s);
  CHECK(world.calls["t"] == 2);
  REQUIRE(world.hanging.size() == 1);
  world.hanging.begin()->second(Outcome::success("done"));
  world.host().settle();
  const auto ended = world.scheduler().get_run(run->id);
  REQUIRE(ended.has_value());
  CHECK(ended->status == Status::completed);
  REQUIRE(ended->attempts.size() == 2);
  CHECK(ended->attempts[0].status == AttemptStatus::lost);
  CHECK(ended->attempts[1].status == AttemptStatus::completed);
}

TEST_CASE("a run with recovery fail is not run again") {
  World world(GENERATE(Kind::memory, Kind::sqlite));
  REQUIRE(world.scheduler()
              .create({.id = "t", .name = "T", .config = call("hang"), .recovery = Recovery::fail})
              .has_value());
  REQUIRE(world.host().start().has_value());
  const auto run = world.scheduler().execute("t");
  REQUIRE(run.has_value());
  world.host().settle();
  world.crash();
  REQUIRE(world.host().start().has_value());
  world.host().advance(1h);
  CHECK(world.calls["t"] == 1);
  CHECK(world.scheduler().get_run(run->id)->status == Status::failed);
}

TEST_CASE("a run that is lost three times fails") {
  World world(GENERATE(Kind::memory, Kind::sqlite));
  REQUIRE(world.scheduler().create({.id = "t", .name = "T", .config = call("hang")}).has_value());
  REQUIRE(world.host().start().has_value());
  const auto run = world.scheduler().execute("t");
  REQUIRE(run.has_value());
  for (int i = 0; i < 3; ++i) {
    world.host().advance(1min);
    world.crash();
    REQUIRE(world.host().start().has_value());
  }
  world.host().advance(1h);
  CHECK(world.calls["t"] == 3);
  CHECK(world.scheduler().get_run(run->id)->status == Status::failed);
}

TEST_CASE("instants of a time without a process become one run that says how many it stands for") {
  World world(GENERATE(Kind::memory, Kind::sqlite));
  const auto misfire = GENERATE(Misfire::run_once, Misfire::skip, Misfire::run_all);
  REQUIRE(
      world.scheduler()
          .create({.id = "t", .name = "T", .config = call("work"), .schedule = "every 1 minute", .misfire = misfire})
          .has_value());
  REQUIRE(world.host().start().has_value());
  world.host().advance(90s);
  world.crash();
  world.clock().advance(10min);  // instants 2 to 11 pass
  REQUIRE(world.host().start().has_value());
  world.host().settle();
  const int expected = misfire == Misfire::run_once ? 2 : misfire == Misfire::skip ? 1 : 11;
  CHECK(world.calls["t"] == expected);
  if (misfire == Misfire::run_once) CHECK(world.scheduler().runs({.task_id = "t"})->items.front().missed_count == 9);
  world.host().advance(1min);
  CHECK(world.calls["t"] == expected + 1);
}

TEST_CASE("a cancellation that was acknowledged holds after a crash") {
  World world(GENERATE(Kind::memory, Kind::sqlite));
  REQUIRE(world.scheduler().create({.id = "t", .name = "T", .config = call("hang")}).has_value());
  REQUIRE(world.host().start().has_value());
  const auto run = world.scheduler().execute("t");
  REQUIRE(run.has_value());
  world.host().settle();
  const auto asked = world.scheduler().cancel_run(run->id);
  REQUIRE(asked.has_value());
  CHECK(asked->cancel_requested);
  world.crash();
  REQUIRE(world.host().start().has_value());
  world.host().advance(1h);
  CHECK(world.calls["t"] == 1);
  CHECK(world.scheduler().get_run(run->id)->status == Status::cancelled);
}

TEST_CASE("a shutdown that ends a run leaves it to the next start, with no retry used") {
  World world(GENERATE(Kind::memory, Kind::sqlite));
  REQUIRE(world.scheduler().create({.id = "t", .name = "T", .config = call("hang"), .max_retries = 0}).has_value());
  REQUIRE(world.host().start().has_value());
  const auto run = world.scheduler().execute("t");
  REQUIRE(run.has_value());
  world.host().settle();
  bool stopped = false;
  world.scheduler().async_stop(1s, [&](Result<void> result) { stopped = result.has_value(); });
  world.host().advance(2s);
  REQUIRE(world.hanging.size() == 1);
  world.hanging.begin()->second(Outcome::failure("stopped", "was asked to stop"));
  world.host().settle();
  CHECK(stopped);
  world.crash();
  const auto between = world.scheduler().get_run(run->id);
  REQUIRE(between.has_value());
  CHECK(between->status == Status::pending);
  CHECK(between->attempts.at(0).status == AttemptStatus::interrupted);
  REQUIRE(world.host().start().has_value());
  world.host().advance(1s);
  CHECK(world.calls["t"] == 2);
}
