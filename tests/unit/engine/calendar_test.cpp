// Tasks that follow a named calendar. The clock of these tests starts at its own moment: days are told from it.
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

using Instants = std::vector<TimePoint>;

/// "2026-12-25", that many days after the clock's start.
std::string day(const World& world, int after) { return format_time(world.start() + after * 24h).substr(0, 10); }

TaskSpec daily(std::string calendar, std::string id = "tick") {
  return {.id = std::move(id),
          .name = "tick",
          .config = call("note"),
          .schedule = "every 24 hours",
          .calendar = std::move(calendar)};
}

std::string refusal(const Result<Task>& result) {
  return result ? "" : result.error().fields.empty() ? result.error().detail : result.error().fields.front().pointer;
}

}  // namespace

TEST_CASE("a task rests on the days that its calendar closes, also after a restart") {
  World world(either_kind());
  world->put_calendar({.name = "rest", .dates = {day(world, 2)}}).value();
  world->create(daily("rest")).value();
  CHECK(world->next("tick", 2).value() == Instants{world.start() + 24h, world.start() + 72h});
  world.advance(30h);
  world.reboot();
  world.advance(66h);
  CHECK(world.times("tick") == Times{24h, 72h, 96h});
}

TEST_CASE("a changed calendar moves the tasks that name it, from now on") {
  World world(either_kind());
  world->put_calendar({.name = "rest", .dates = {day(world, 1)}}).value();
  world->create(daily("rest")).value();
  world->create(daily("", "other")).value();
  CHECK(world.task("tick").next_run_at == world.start() + 48h);
  world->put_calendar({.name = "rest", .dates = {day(world, 2)}}).value();
  CHECK(world.task("tick").next_run_at == world.start() + 24h);
  CHECK(world.task("other").next_run_at == world.start() + 24h);
  world.advance(25h);
  world->put_calendar({.name = "rest", .dates = {day(world, 1)}}).value();
  CHECK(world.task("tick").next_run_at == world.start() + 48h);
  world.advance(48h);
  CHECK(world.times("tick") == Times{24h, 48h, 72h});
}

TEST_CASE("a calendar that is put again as it is changes nothing") {
  World world(either_kind());
  const Calendar first = world->put_calendar({.name = "rest", .description = "d", .dates = {"12-25"}}).value();
  world.advance(1h);
  const Calendar again = world->put_calendar({.name = "rest", .description = "d", .dates = {"12-25"}}).value();
  CHECK(again.updated_at == first.updated_at);
  world.reboot();
  const Calendar read = world->get_calendar("rest").value();
  CHECK(read.description == "d");
  CHECK(read.dates == std::vector<std::string>{"12-25"});
  CHECK(read.updated_at == first.updated_at);
}

TEST_CASE("calendars are listed by name, page by page") {
  World world(either_kind());
  for (const char* name : {"b", "c", "a"}) world->put_calendar({.name = name}).value();
  const auto first = world->calendars({.limit = 2}).value();
  REQUIRE(first.items.size() == 2);
  CHECK(first.items[0].name == "a");
  const auto rest = world->calendars({.limit = 2, .cursor = first.next_cursor}).value();
  REQUIRE(rest.items.size() == 1);
  CHECK(rest.items[0].name == "c");
  CHECK(rest.next_cursor.empty());
}

TEST_CASE("a calendar that tasks name stays; one that no task names goes") {
  World world(either_kind());
  world->put_calendar({.name = "rest"}).value();
  world->create(daily("rest")).value();
  const auto refused = world->remove_calendar("rest");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::has_dependents);
  CHECK(refused.error().detail.find("'tick'") != std::string::npos);
  world->remove("tick").value();
  world->remove_calendar("rest").value();
  CHECK(world->get_calendar("rest").error().code == Errc::not_found);
  CHECK(world->remove_calendar("rest").error().code == Errc::not_found);
  world.advance(48h);
  CHECK(world.times("tick").empty());
}

TEST_CASE("a removed task that still runs does not need its calendar") {
  World world(either_kind());
  world->put_calendar({.name = "rest"}).value();
  TaskSpec spec = daily("rest");
  spec.config = call("park");
  world->create(spec).value();
  world->execute("tick").value();
  world.settle();
  world->remove("tick").value();
  world->remove_calendar("rest").value();
  world.reboot();
  world.advance(1h);
  CHECK(world->get("tick").error().code == Errc::not_found);
}

TEST_CASE("what a calendar cannot be put to is refused") {
  World world(either_kind());
  CHECK(refusal(world->create(daily("nobody"))) == "/calendar");
  CHECK(refusal(world->create(daily("no name"))) == "/calendar");
  world->put_calendar({.name = "rest", .dates = {day(world, 1)}}).value();
  TaskSpec moved = daily("rest");
  moved.on_closed_day = OnClosedDay::next_working_day;
  CHECK(refusal(world->create(moved)) == "/onClosedDay");
  TaskSpec once = daily("rest");
  once.schedule = "in 24 hours";
  CHECK(refusal(world->create(once)) == "/schedule");
  CHECK(world->put_calendar({.name = "bad name"}).error().fields.front().pointer == "/name");
  CHECK(world->put_calendar({.name = "bad", .dates = {"x"}}).error().fields.front().pointer == "/dates/0");
}

TEST_CASE("one time moves to the next working day, and back when that day opens") {
  World world(either_kind());
  world->put_calendar({.name = "rest", .dates = {day(world, 1)}}).value();
  TaskSpec once = daily("rest");
  once.schedule = "in 24 hours";
  once.on_closed_day = OnClosedDay::next_working_day;
  world->create(once).value();
  CHECK(world.task("tick").next_run_at == world.start() + 48h);
  world->put_calendar({.name = "rest"}).value();
  CHECK(world.task("tick").next_run_at == world.start() + 24h);
  world.advance(25h);
  world->put_calendar({.name = "rest", .dates = {day(world, 1)}}).value();
  world.advance(72h);
  CHECK(world.times("tick") == Times{24h});
}

TEST_CASE("one time that a changed calendar takes away leaves a line in the log") {
  World world(either_kind());
  world->put_calendar({.name = "rest"}).value();
  TaskSpec once = daily("rest");
  once.schedule = "in 24 hours";
  world->create(once).value();
  world->put_calendar({.name = "rest", .dates = {day(world, 1)}}).value();
  CHECK_FALSE(world.task("tick").next_run_at);
  CHECK(world.lines_with("tick", "its calendar was changed") == 1);
}

TEST_CASE("an edit gives a task a calendar, and takes it away") {
  World world(either_kind());
  world->put_calendar({.name = "rest", .dates = {day(world, 1)}}).value();
  world->create(daily("")).value();
  const auto set = [&](std::string name) {
    world
        ->update("tick",
                 [&](const Task&, TaskSpec& spec) {
                   spec.calendar = name;
                   return Result<void>();
                 })
        .value();
  };
  set("rest");
  CHECK(world.task("tick").calendar == "rest");
  CHECK(world.task("tick").next_run_at == world.start() + 48h);
  set("");
  CHECK(world.task("tick").next_run_at == world.start() + 24h);
  world->remove_calendar("rest").value();
}

}  // namespace taskcore::engine_test
