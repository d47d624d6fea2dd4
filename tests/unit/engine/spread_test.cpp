// The spread of tasks that are due at one moment: the delay as a pure function, and in the running engine.
#include "engine/spread.hpp"

#include <array>
#include <set>

#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

const TimePoint kZero{std::chrono::days(20000)};
const Schedule kHourly = Schedule::parse("every 1 hour", {.set_at = kZero}).value();

Duration delay(const std::string& id, Duration jitter, const Schedule& schedule = kHourly) {
  return start_delay(id, jitter, schedule, kZero + 1h);
}

TaskSpec jittery(const std::string& id, Duration jitter) {
  return {.id = id,
          .name = id,
          .config = call("note"),
          .schedule = "every 1 minute",
          .schedule_jitter = jitter,
          .max_retries = 0};
}

}  // namespace

TEST_CASE("a delay hangs on the task's id alone, and is the same on every machine") {
  CHECK(delay("tick", 0ms) == 0ms);
  CHECK(delay("tick", 1h) == 3188462ms);
  CHECK(delay("tock", 1h) == 2001498ms);
  CHECK(start_delay("tick", 1h, kHourly, kZero + 500h) == delay("tick", 1h));
  CHECK(delay("tick", 24h, Schedule::parse("at 2030-01-01T00:00:00Z").value()) == 76523110ms);
}

TEST_CASE("delays are below the jitter and the gap to the next instant, and lie everywhere between") {
  const Duration jitter = GENERATE(Duration(1), Duration(7), Duration(30min), Duration(24h));
  const Duration room = std::min<Duration>(jitter, 1h);
  std::array<int, 10> tenths{};
  for (int i = 0; i < 2000; ++i) {
    const Duration found = delay("task-" + std::to_string(i), jitter);
    REQUIRE(found >= 0ms);
    REQUIRE(found < room);
    ++tenths[static_cast<std::size_t>(found * 10 / room)];
  }
  if (room < 10ms) return;
  for (const int count : tenths) CHECK(count > 140);
}

TEST_CASE("a run begins its delay after the instant, which stays what it is") {
  World world(either_kind());
  world->create(jittery("tick", 10s)).value();
  const Duration late = 8856ms;
  world.advance(1min);
  CHECK(world.calls.empty());
  const Run waiting = world.last_run("tick");
  CHECK(waiting.status == Status::pending);
  CHECK(waiting.scheduled_for == world.start() + 1min);
  CHECK_FALSE(waiting.retry_at.has_value());
  CHECK(world.task("tick").status == Status::pending);
  CHECK(world.task("tick").next_run_at == world.start() + 2min);
  world.advance(late - 1ms);
  CHECK(world.calls.empty());
  world.advance(1ms);
  CHECK(world.times("tick") == Times{1min + late});
  world.advance(10min);
  REQUIRE(world.calls.size() == 11);
  CHECK(world.calls.back().at == 11min + late);
  CHECK(world.calls.back().scheduled_for == world.start() + 11min);
  CHECK(world.lines_with("tick", "skipped") == 0);
}

TEST_CASE("a run that waits for its delay outlives a crash, and begins no earlier") {
  World world(either_kind());
  world->create(jittery("tick", 10s)).value();
  world.advance(1min);
  world.reboot();
  CHECK(world.calls.empty());
  world.advance(10s);
  CHECK(world.times("tick") == Times{1min + 8856ms});
}

TEST_CASE("an instant that was missed is made up for at once") {
  World world(either_kind());
  TaskSpec spec = jittery("tick", 30s);
  spec.misfire = Misfire::run_all;
  world->create(spec).value();
  world.reboot_after(150s);
  CHECK(world.times("tick") == Times{150s, 150s});
  world.advance(90s);
  CHECK(world.times("tick").back() == 3min + 26570ms);
}

TEST_CASE("a run that waits for its delay is live: overlap, pause, cancel and an edit treat it so") {
  World world(either_kind());
  world->create(jittery("tick", 10s)).value();
  world.advance(1min);
  SECTION("a run by hand queues behind it") {
    world->execute("tick").value();
    world.settle();
    CHECK(world.calls.empty());
    world.advance(10s);
    CHECK(world.times("tick") == Times{1min + 8856ms, 1min + 8856ms});
  }
  SECTION("a pause does not hold it up") {
    world->pause("tick").value();
    world.advance(5min);
    CHECK(world.times("tick") == Times{1min + 8856ms});
  }
  SECTION("a cancellation ends it") {
    world->cancel("tick").value();
    world.advance(30s);
    CHECK(world.calls.empty());
  }
  SECTION("a new jitter is for the instants to come, a new schedule ends it") {
    const auto edit = [&](auto change) {
      world
          ->update("tick",
                   [&](const Task&, TaskSpec& spec) {
                     change(spec);
                     return Result<void>();
                   })
          .value();
    };
    edit([](TaskSpec& spec) { spec.schedule_jitter = 0ms; });
    world.advance(1min);
    CHECK(world.times("tick") == Times{1min + 8856ms, 2min});
    edit([](TaskSpec& spec) { spec.schedule_jitter = 10s; });
    world.advance(1min);
    edit([](TaskSpec& spec) { spec.schedule = "every 1 hour"; });
    CHECK(world.last_run("tick").reason == "rescheduled");
  }
}

TEST_CASE("the delay counts beside dependencies and in a queue") {
  World world(either_kind());
  world->create({.id = "up", .name = "up", .config = call("note")}).value();
  TaskSpec spec = jittery("tick", 10s);
  spec.dependencies = {"up"};
  world->create(spec).value();
  world->execute("up").value();
  world.advance(1min);
  CHECK(world.times("tick").empty());
  world.advance(8856ms);
  CHECK(world.times("tick") == Times{1min + 8856ms});
}

TEST_CASE("tasks of one schedule are spread, each always by its own delay") {
  World world;
  for (int i = 0; i < 20; ++i) world->create(jittery("t" + std::to_string(i), 60s)).value();
  world.advance(3min);
  std::set<Duration> starts;
  for (int i = 0; i < 20; ++i) {
    const Times times = world.times("t" + std::to_string(i));
    REQUIRE(times.size() == 2);
    CHECK(times[1] - times[0] == 1min);
    starts.insert(times[0]);
  }
  CHECK(starts.size() == 20);
}

}  // namespace taskcore::engine_test
