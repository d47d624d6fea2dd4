// Making up for instants of the past.
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

TaskSpec daily(std::string function = "note") {
  return {.id = "report", .name = "report", .config = call(std::move(function)), .schedule = "daily at 12:00"};
}

/// The day `number` at noon; the clock of a new world stands at some time of day 0.
TimePoint noon(const World& world, int number) {
  return std::chrono::floor<std::chrono::days>(world.start()) + std::chrono::days(number) + 12h;
}

std::vector<TimePoint> instants(const Backfill& made) {
  std::vector<TimePoint> out;
  for (const BackfillRun& run : made.runs) out.push_back(run.scheduled_for);
  return out;
}

std::string pointer(const Result<Backfill>& refused) {
  REQUIRE_FALSE(refused.has_value());
  REQUIRE(refused.error().code == Errc::invalid);
  return refused.error().fields.at(0).pointer;
}

}  // namespace

TEST_CASE("each instant in the range that has no run gets one, with its instant and its trigger") {
  World world(either_kind());
  world->create(daily()).value();
  world.advance(48h);
  const auto ran = world.runs("report");
  REQUIRE(ran.size() == 2);
  const TimePoint last = *ran[1].scheduled_for;
  const auto made = world->backfill("report", {last - 72h, last}).value();
  CHECK(instants(made) == std::vector<TimePoint>{last - 72h, last - 48h});
  CHECK(made.existing == 2);
  world.settle();
  const Run run = world.run(made.runs[0].run_id);
  CHECK(run.trigger == Trigger::backfill);
  CHECK(run.scheduled_for == last - 72h);
  CHECK(run.status == Status::completed);
  REQUIRE(world.calls.size() == 4);
  CHECK(world.calls[2].scheduled_for == last - 72h);

  const auto again = world->backfill("report", {last - 72h, last}).value();
  CHECK(again.runs.empty());
  CHECK(again.existing == 4);
}

TEST_CASE("a dry run tells what would be made and makes nothing") {
  World world(either_kind());
  world->create(daily()).value();
  const auto told = world->backfill("report", {noon(world, -3), noon(world, -1), true}).value();
  CHECK(instants(told) == std::vector<TimePoint>{noon(world, -3), noon(world, -2), noon(world, -1)});
  CHECK(told.runs[0].run_id.empty());
  world.settle();
  CHECK(world.runs("report").empty());
}

TEST_CASE("the runs of a backfill go one after another, oldest first, behind what is live") {
  World world(either_kind());
  TaskSpec spec = daily("park");
  spec.overlap = GENERATE(Overlap::skip, Overlap::queue, Overlap::cancel_previous);
  world->create(spec).value();
  world->execute("report").value();
  const auto made = world->backfill("report", {noon(world, -3), noon(world, -1)}).value();
  world.settle();
  REQUIRE(world.parked.size() == 1);
  CHECK_FALSE(world.parked[0].context->scheduled_for().has_value());
  world.finish("report");
  for (const BackfillRun& run : made.runs) {
    REQUIRE(world.parked.size() == 1);
    CHECK(world.parked[0].context->id() == run.run_id);
    world.reboot();  // it is run again
    world.advance(1min);
    world.finish("report");
  }
  CHECK(world.parked.empty());
}

TEST_CASE("with overlap allow they go side by side") {
  World world(either_kind());
  TaskSpec spec = daily("park");
  spec.overlap = Overlap::allow;
  world->create(spec).value();
  world->backfill("report", {noon(world, -3), noon(world, -1)}).value();
  world.settle();
  CHECK(world.parked.size() == 3);
}

TEST_CASE("a backfill neither moves the schedule nor counts for its bound") {
  World world(either_kind());
  TaskSpec spec = daily();
  spec.max_runs = 1;
  world->create(spec).value();
  const auto next = world.task("report").next_run_at;
  world->backfill("report", {noon(world, -5), noon(world, -1)}).value();
  world.settle();
  CHECK(world.task("report").next_run_at == next);
  world.advance(24h);
  CHECK(world.last_run("report").trigger == Trigger::schedule);
  CHECK_FALSE(world.task("report").next_run_at.has_value());
}

TEST_CASE("the instants of a pause can be made up for while it lasts, and none comes twice") {
  World world(either_kind());
  world->create({.id = "tick", .name = "tick", .config = call("note"), .schedule = "every 1 minute"}).value();
  world->pause("tick").value();
  world.advance(3min);
  CHECK(world->backfill("tick", {world.start(), world.now()}).value().runs.size() == 3);
  world->resume("tick").value();
  world.advance(1min);
  CHECK(world.runs("tick").size() == 4);
}

TEST_CASE("a range is refused that is the wrong way round, lies in the future or has too many instants") {
  World world;
  world->create({.id = "tick", .name = "tick", .config = call("note"), .schedule = "every 1 minute"}).value();
  world.advance(24h);
  const TimePoint now = world.now();
  const auto fill = [&](TimePoint from, TimePoint to) { return world->backfill("tick", {from, to, true}); };
  CHECK(pointer(fill(now, now - 1ms)) == "/from");
  CHECK(pointer(fill(now, now + 1ms)) == "/to");
  CHECK(pointer(fill(TimePoint::min(), now)) == "/from");
  const auto many = fill(world.start(), now);
  CHECK(pointer(many) == "/from");
  CHECK(many.error().detail.find("1440 instants") != std::string::npos);
  CHECK(fill(world.start(), world.start() + 1000min).value().existing == 1000);
  CHECK(pointer(fill(world.start(), world.start() + 1001min)) == "/from");
  CHECK(world.runs("tick").back().trigger == Trigger::schedule);  // nothing was made
}

TEST_CASE("a schedule without a grid has nothing to make up for") {
  World world;
  world->create({.id = "hand", .name = "hand"}).value();
  world->create({.id = "once", .name = "once", .schedule = "in 1 hour"}).value();
  for (const char* id : {"hand", "once"})
    CHECK(pointer(world->backfill(id, {world.now(), world.now()})) == "/schedule");
  CHECK(world->backfill("nobody", {world.now(), world.now()}).error().code == Errc::not_found);
  const auto guard = [](const Task&) -> Result<void> { return fail(Errc::not_found, "not yours"); };
  CHECK(world->backfill("hand", {world.now(), world.now()}, guard).error().detail == "not yours");
}

TEST_CASE("a task whose queue is full takes no backfill") {
  World world;
  world->create(daily("park")).value();
  std::vector<ExecuteRequest> many(1000, {.task_id = "report"});
  for (int i = 0; i < 9; ++i) world->submit(many).value();
  many.resize(999);
  world->submit(many).value();
  CHECK(world->backfill("report", {noon(world, -2), noon(world, -1)}).error().code == Errc::overloaded);
  CHECK(world->backfill("report", {noon(world, -1), noon(world, -1)}).value().runs.size() == 1);
}

TEST_CASE("dependents of a backfilled run wait for no later instant than its own") {
  World world(either_kind());
  world->create(daily()).value();
  TaskSpec after = daily();
  after.id = "after";
  after.dependencies = {"report"};
  world->create(after).value();
  world->backfill("report", {noon(world, -2), noon(world, -1)}).value();
  world->backfill("after", {noon(world, -2), noon(world, -1)}).value();
  world.settle();
  CHECK(world.times("report").size() == 2);
  CHECK(world.times("after").size() == 2);
}

}  // namespace taskcore::engine_test
