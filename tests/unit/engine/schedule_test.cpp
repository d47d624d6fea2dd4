// Schedules in the running engine: on time, across crashes, jumps of the clock, pauses and edits.
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {

TEST_CASE("a recurring task runs at each instant of its grid") {
  World world(either_kind());
  const Task task =
      world->create({.id = "tick", .name = "tick", .config = call("note"), .schedule = "every 10 seconds"}).value();
  CHECK(task.next_run_at == world.start() + 10s);
  CHECK(task.status == Status::pending);
  world.advance(9999ms);
  CHECK(world.calls.empty());
  world.advance(1ms);
  CHECK(world.times("tick") == Times{10s});
  world.advance(25s);
  CHECK(world.times("tick") == Times{10s, 20s, 30s});
  CHECK(world.task("tick").next_run_at == world.start() + 40s);
  CHECK(world.task("tick").status == Status::completed);
}

TEST_CASE("a bad night neither hides nor ends a schedule") {
  World world(either_kind());
  world
      ->create({.id = "tick", .name = "tick", .config = call("fail"), .schedule = "every 10 seconds", .max_retries = 0})
      .value();
  world.advance(10s);
  CHECK(world.task("tick").status == Status::failed);
  CHECK(world.task("tick").next_run_at == world.start() + 20s);
  world.advance(10s);
  CHECK(world.times("tick").size() == 2);
}

TEST_CASE("the grid does not shift with restarts, and what the outage missed becomes one run") {
  World world(either_kind());
  world->create({.id = "tick", .name = "tick", .config = call("note"), .schedule = "every 10 seconds"}).value();
  world.advance(10s);
  world.reboot_after(33s);
  REQUIRE(world.calls.size() == 2);
  const Run run = world.last_run("tick");
  CHECK(run.trigger == Trigger::schedule);
  CHECK(run.scheduled_for == world.start() + 40s);
  CHECK(run.missed_count == 2);
  CHECK(run.missed_from == world.start() + 20s);
  world.advance(7s);
  CHECK(world.times("tick") == Times{10s, 43s, 50s});
}

TEST_CASE("after downtime misfire skip drops what was missed and says so") {
  World world(either_kind());
  world
      ->create({.id = "tick",
                .name = "tick",
                .config = call("note"),
                .schedule = "every 10 seconds",
                .misfire = Misfire::skip})
      .value();
  world.reboot_after(35s);
  CHECK(world.calls.empty());
  CHECK(world.runs("tick").empty());
  CHECK(world.lines_with("tick", "skipped 3 instants") == 1);
  world.advance(5s);
  CHECK(world.times("tick") == Times{40s});
}

TEST_CASE("after downtime misfire run_all runs each instant, oldest first, one after the other") {
  World world(either_kind());
  world
      ->create({.id = "tick",
                .name = "tick",
                .config = call("park"),
                .schedule = "every 10 seconds",
                .misfire = Misfire::run_all,
                .catch_up_limit = 3})
      .value();
  world.reboot_after(55s);
  REQUIRE(world.parked.size() == 1);
  for (int i = 0; i < 3; ++i) world.finish("tick");
  std::vector<TimePoint> instants;
  for (const Run& run : world.runs("tick")) instants.push_back(*run.scheduled_for);
  CHECK(instants == std::vector<TimePoint>{world.start() + 10s, world.start() + 20s, world.start() + 30s});
  CHECK(world.lines_with("tick", "catch-up limit") == 1);
}

TEST_CASE("an instant later than its start deadline is skipped") {
  World world(either_kind());
  world
      ->create({.id = "tick",
                .name = "tick",
                .config = call("note"),
                .schedule = "every 10 seconds",
                .misfire = Misfire::run_all,
                .start_deadline = 12s})
      .value();
  world.reboot_after(35s);
  CHECK(world.runs("tick").size() == 1);  // 30 s; 10 s and 20 s came too late
  CHECK(world.last_run("tick").scheduled_for == world.start() + 30s);
  CHECK(world.lines_with("tick", "start deadline") == 1);
}

TEST_CASE("a once-task runs once, also when its instant passed while nobody was there") {
  World world(either_kind());
  world->create({.id = "now", .name = "now", .config = call("note"), .schedule = "now"}).value();
  world->create({.id = "soon", .name = "soon", .config = call("note"), .schedule = "in 10 minutes"}).value();
  world.settle();
  CHECK(world.times("now") == Times{0s});
  CHECK(world.task("soon").next_run_at == world.start() + 10min);
  world.reboot_after(1h);
  CHECK(world.times("soon") == Times{1h});
  CHECK_FALSE(world.task("soon").next_run_at.has_value());
  world.reboot_after(1h);
  CHECK(world.calls.size() == 2);
}

TEST_CASE("a catch-up goes on although the first of its instants has had its run") {
  World world(either_kind());
  world
      ->create({.id = "tick",
                .name = "tick",
                .config = call("note"),
                .schedule = "* * * * *",
                .misfire = Misfire::run_all,
                .overlap = GENERATE(Overlap::queue, Overlap::skip, Overlap::cancel_previous)})
      .value();
  world.advance(3min);
  world.clock().jump(-150s);
  const auto anew = [](const Task&, TaskSpec& spec) -> Result<void> {
    spec.schedule = "*/1 * * * *";
    return {};
  };
  REQUIRE(world->update("tick", anew).value().next_run_at == world.start() + 1min);
  world.reboot_after(330s);
  CHECK(world.runs("tick").size() == 7);
  CHECK(world.task("tick").status == Status::completed);
  CHECK(world->cancel("tick").value().status == Status::completed);
}

TEST_CASE("a task that waited for the store past its first instant is on time for the next") {
  World world(either_kind());
  bool made = false;
  world->async_create({.id = "tick", .name = "tick", .config = call("note"), .schedule = "every 1 second"}, {},
                      [&](const Result<Task>& task) { made = task.has_value(); });
  world.clock().advance(1500ms);
  world.settle();
  REQUIRE(made);
  world.advance(500ms);
  CHECK(world.times("tick") == Times{1500ms, 2s});
}

TEST_CASE("a once-task that has run is run again, edited and removed as any other") {
  World world(either_kind());
  const std::string id =
      world->create({.name = "now", .config = call("note"), .schedule = "now", .overlap = Overlap::queue}).value().id;
  world.settle();
  REQUIRE(world.times(id) == Times{0s});
  for (int i = 0; i < 2; ++i) {
    world->execute(id).value();
    world->execute(id).value();
    world.settle();
  }
  CHECK(world.times(id).size() == 5);
  CHECK(world.task(id).last_run_id == world.last_run(id).id);
  const auto rename = [](const Task&, TaskSpec& spec) -> Result<void> {
    spec.name = "again";
    spec.schedule = "in 1 minute";
    return {};
  };
  CHECK(world->update(id, rename).value().version == 2);
  world.advance(1min);
  CHECK(world.times(id).size() == 6);
  CHECK(world.task(id).status == Status::completed);
  CHECK(world->remove(id).has_value());
  CHECK(world->execute(id).error().code == Errc::not_found);
}

TEST_CASE("when the clock is set forward what was leapt over becomes one run at once, and nothing runs early") {
  World world(either_kind());
  world->create({.id = "tick", .name = "tick", .config = call("note"), .schedule = "every 1 minute"}).value();
  world.advance(1min);
  world.clock().jump(150s);  // the wall clock reads 3:30
  world.advance(0ms);
  REQUIRE(world.calls.size() == 2);
  CHECK(world.calls[1].scheduled_for == world.start() + 3min);
  world.advance(29s);
  CHECK(world.calls.size() == 2);
  world.advance(1s);
  CHECK(world.calls.size() == 3);
}

TEST_CASE("when the clock is set back no instant comes a second time") {
  World world(either_kind());
  world->create({.id = "tick", .name = "tick", .config = call("note"), .schedule = "every 1 minute"}).value();
  world.advance(3min);
  world.clock().jump(-150s);  // the wall clock reads 0:30
  world.advance(2min);
  CHECK(world.calls.size() == 3);
  world.advance(90s);  // 4:00
  REQUIRE(world.calls.size() == 4);
  CHECK(world.calls[3].scheduled_for == world.start() + 4min);
}

TEST_CASE("a leap of the clock counts as absence for misfire skip") {
  World world(either_kind());
  world
      ->create({.id = "tick",
                .name = "tick",
                .config = call("note"),
                .schedule = "every 1 minute",
                .misfire = Misfire::skip})
      .value();
  world.clock().jump(90s);
  world.advance(0ms);
  CHECK(world.calls.empty());
  CHECK(world.lines_with("tick", "skipped the instant") == 1);
  world.advance(30s);
  CHECK(world.calls.size() == 1);
}

TEST_CASE("a clock that goes wrong little by little is no leap") {
  World world(either_kind());
  world
      ->create({.id = "tick",
                .name = "tick",
                .config = call("note"),
                .schedule = "every 10 seconds",
                .misfire = Misfire::skip})
      .value();
  for (int i = 0; i < 4; ++i) {
    world.advance(9500ms);
    world.clock().jump(600ms);  // past the instant
    world.advance(0ms);
  }
  CHECK(world.calls.size() == 4);
  CHECK(world.lines_with("tick", "skipped") == 0);
}

TEST_CASE("the next instants of a schedule can be asked for") {
  World world(either_kind());
  world->create({.id = "tick", .name = "tick", .config = call("note"), .schedule = "every 10 seconds"}).value();
  CHECK(world->next("tick", 2).value() == std::vector<TimePoint>{world.start() + 10s, world.start() + 20s});
  CHECK(world->next("tick", 0).error().code == Errc::invalid);
  CHECK(world->next("nobody", 2).error().code == Errc::not_found);
}

}  // namespace taskcore::engine_test
