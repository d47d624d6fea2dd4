// A bound on the number of runs that a schedule makes.
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

TaskSpec bounded(int runs, std::string function = "note") {
  return {.id = "tick",
          .name = "tick",
          .config = call(std::move(function)),
          .schedule = "every 10 seconds",
          .max_runs = runs,
          .max_retries = 0};
}

template <class Change>
Task edit(World& world, Change change) {
  auto done = world->update("tick", [&](const Task&, TaskSpec& spec) {
    change(spec);
    return Result<void>();
  });
  world.settle();
  return done.value();
}

}  // namespace

TEST_CASE("a schedule ends when it has made its runs") {
  World world(either_kind());
  world->create(bounded(3)).value();
  CHECK(world->next("tick", 9).value().size() == 3);
  world.advance(20s);
  CHECK(world.task("tick").next_run_at == world.start() + 30s);
  CHECK(world->next("tick", 9).value() == std::vector<TimePoint>{world.start() + 30s});
  world.reboot();
  world.advance(1min);
  CHECK(world.times("tick") == Times{10s, 20s, 30s});
  CHECK_FALSE(world.task("tick").next_run_at.has_value());
  CHECK(world->next("tick", 9).value().empty());
  CHECK(world.task("tick").status == Status::completed);
  CHECK(world->stats().value().scheduled == 0);
}

TEST_CASE("runs that fail count, runs by hand do not") {
  World world(either_kind());
  world->create(bounded(2, "fail")).value();
  world->execute("tick").value();
  world.advance(15s);
  world->execute("tick").value();
  world.advance(1min);
  CHECK(world.times("tick") == Times{0s, 10s, 15s, 20s});
}

TEST_CASE("skipped instants do not count") {
  World world(either_kind());
  world->create(bounded(2, "park")).value();
  world.advance(35s);  // the first is still running: 20 and 30 are skipped
  CHECK(world.task("tick").next_run_at == world.start() + 40s);
  world.finish("tick");
  world.advance(5s);
  CHECK(world.times("tick") == Times{10s, 40s});
  CHECK_FALSE(world.task("tick").next_run_at.has_value());
  CHECK(world.lines_with("tick", "skipped") == 2);
}

TEST_CASE("the runs of a catch-up count, and the schedule ends with the last that it may make") {
  World world(either_kind());
  TaskSpec spec = bounded(3);
  SECTION("one for them all is one") {
    world->create(spec).value();
    world.reboot_after(55s);
    world.advance(1min);
    CHECK(world.times("tick") == Times{55s, 60s, 70s});
  }
  SECTION("one each is one each; what comes after the last is no instant any more") {
    spec.misfire = Misfire::run_all;
    world->create(spec).value();
    world.reboot_after(55s);
    world.advance(1min);
    CHECK(world.times("tick") == Times{55s, 55s, 55s});
    CHECK(world.last_run("tick").scheduled_for == world.start() + 30s);
    CHECK(world.lines_with("tick", "skipped") == 0);
  }
  CHECK_FALSE(world.task("tick").next_run_at.has_value());
}

TEST_CASE("a raised bound lets the schedule go on with its grid, a lowered one ends it") {
  World world(either_kind());
  world->create(bounded(2)).value();
  world.advance(34s);
  const Task raised = edit(world, [](TaskSpec& spec) { spec.max_runs = 4; });
  CHECK(raised.next_run_at == world.start() + 40s);
  world.advance(10s);
  const Task lowered = edit(world, [](TaskSpec& spec) { spec.max_runs = 1; });
  CHECK_FALSE(lowered.next_run_at.has_value());
  world.advance(1min);
  CHECK(world.times("tick") == Times{10s, 20s, 40s});
  const Task unbounded = edit(world, [](TaskSpec& spec) { spec.max_runs.reset(); });
  CHECK(unbounded.next_run_at == world.start() + 110s);
  world.advance(20s);
  CHECK(world.times("tick").size() == 5);
}

TEST_CASE("an edited schedule counts from 0, any other edit does not touch the count") {
  World world(either_kind());
  world->create(bounded(2)).value();
  world.advance(20s);
  edit(world, [](TaskSpec& spec) { spec.name = "another"; });
  CHECK_FALSE(world.task("tick").next_run_at.has_value());
  edit(world, [](TaskSpec& spec) { spec.schedule = "every 5 seconds"; });
  world.advance(1min);
  CHECK(world.times("tick") == Times{10s, 20s, 25s, 30s});
}

TEST_CASE("a bound that is raised in a pause makes no instant of before due") {
  World world(either_kind());
  world->create(bounded(1)).value();
  world.advance(12s);
  world->pause("tick").value();
  edit(world, [](TaskSpec& spec) { spec.max_runs = 2; });
  world.advance(30s);
  world->resume("tick").value();
  world.advance(10s);
  CHECK(world.times("tick") == Times{10s, 50s});
}

}  // namespace taskcore::engine_test
