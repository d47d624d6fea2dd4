// Pausing a schedule, and instants that come while a run of the task is live.
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {

TEST_CASE("instants in a pause are recorded as skipped, and the grid stays") {
  World world(either_kind());
  world->create({.id = "tick", .name = "tick", .config = call("note"), .schedule = "every 10 seconds"}).value();
  world.advance(10s);
  CHECK_FALSE(world->pause("tick").value().next_run_at.has_value());
  world.advance(25s);
  if (GENERATE(false, true)) world.reboot();
  CHECK(world.calls.size() == 1);
  CHECK(world->resume("tick").value().next_run_at == world.start() + 40s);
  CHECK(world.lines_with("tick", "skipped 2 instants") == 1);
  CHECK(world.lines_with("tick", "paused") == 1);
  world.advance(5s);
  CHECK(world.times("tick") == Times{10s, 40s});
  CHECK(world.runs("tick").size() == 2);
}

TEST_CASE("a paused task may be run by hand, and its live runs and their retries go on") {
  World world(either_kind());
  world
      ->create({.id = "job",
                .name = "job",
                .config = call("fail"),
                .schedule = "every 10 seconds",
                .max_retries = 1,
                .retry = {.initial_delay = 3s, .jitter = Jitter::none}})
      .value();
  world.advance(10s);
  world->pause("job").value();
  world.advance(30s);
  CHECK(world.times("job") == Times{10s, 13s});
  world->execute("job").value();
  world.settle();
  CHECK(world.calls.size() == 3);
}

TEST_CASE("a task that was made paused does not run until it is resumed") {
  World world(either_kind());
  world->create({.id = "tick", .name = "tick", .config = call("note"), .schedule = "every 10 seconds", .paused = true})
      .value();
  world.advance(1min);
  CHECK(world.calls.empty());
  world->resume("tick").value();
  world.advance(10s);
  CHECK(world.times("tick") == Times{70s});
}

TEST_CASE("pausing twice and resuming twice changes nothing the second time") {
  World world(either_kind());
  world->create({.id = "tick", .name = "tick", .config = call("note"), .schedule = "every 10 seconds"}).value();
  CHECK(world->resume("tick").value().version == 1);
  CHECK(world->pause("tick").value().version == 2);
  CHECK(world->pause("tick").value().version == 2);
}

TEST_CASE("overlap skip drops the instants that come while a run is live and says so") {
  World world(either_kind());
  world->create({.id = "tick", .name = "tick", .config = call("park"), .schedule = "every 10 seconds"}).value();
  world.advance(35s);
  CHECK(world.parked.size() == 1);
  CHECK(world.runs("tick").size() == 1);
  CHECK(world.lines_with("tick", "an earlier run was still live") == 2);
  world.finish("tick");
  world.advance(5s);
  CHECK(world.times("tick") == Times{10s, 40s});
}

TEST_CASE("overlap queue lets one run wait") {
  World world(either_kind());
  world
      ->create({.id = "tick",
                .name = "tick",
                .config = call("park"),
                .schedule = "every 10 seconds",
                .overlap = Overlap::queue})
      .value();
  world.advance(45s);
  CHECK(world.runs("tick").size() == 2);
  world.finish("tick");
  REQUIRE(world.parked.size() == 1);
  CHECK(world.parked[0].context->scheduled_for() == world.start() + 20s);
  world.finish("tick");
  CHECK(world.parked.empty());
  world.advance(5s);
  CHECK(world.parked.size() == 1);
}

TEST_CASE("overlap allow runs them side by side") {
  World world(either_kind());
  world
      ->create({.id = "tick",
                .name = "tick",
                .config = call("park"),
                .schedule = "every 10 seconds",
                .overlap = Overlap::allow})
      .value();
  world.advance(35s);
  CHECK(world.parked.size() == 3);
}

TEST_CASE("overlap cancel_previous ends the live run and then starts the new one") {
  World world(either_kind());
  world
      ->create({.id = "tick",
                .name = "tick",
                .config = call("park"),
                .schedule = "every 10 seconds",
                .overlap = Overlap::cancel_previous})
      .value();
  world.advance(25s);
  REQUIRE(world.parked.size() == 1);
  CHECK(world.parked[0].context->stop_token().stop_requested());
  world.finish("tick", Outcome::failure("x", "stopped"));
  REQUIRE(world.parked.size() == 1);
  CHECK(world.parked[0].context->scheduled_for() == world.start() + 20s);
  CHECK_FALSE(world.parked[0].context->stop_token().stop_requested());
  const auto runs = world.runs("tick");
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].status == Status::cancelled);
  CHECK(runs[1].status == Status::running);
}

}  // namespace taskcore::engine_test
