// Tasks that run after their dependencies: once for each round of ends, whatever happens between.
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

constexpr const char* kAfter = "after dependencies";

/// "a" and "b" do as they are told; "down" follows them.
class Pair {
 public:
  explicit Pair(TaskSpec down = {}) : world_(either_kind()) {
    world_->function("do", [](RunContext&, const boost::json::value& params) {
      if (params.is_string()) throw fatal("told to fail");
    });
    for (const char* id : {"a", "b"}) world_->create({.id = id, .name = id, .config = call("do")}).value();
    down.id = down.name = "down";
    if (down.config.values.empty()) down.config = call("note");
    down.schedule = kAfter;
    down.dependencies = {"a", "b"};
    world_->create(down).value();
  }

  World& world() { return world_; }
  void completes(const std::string& id) { end(id, nullptr); }
  void fails(const std::string& id) { end(id, "fail"); }
  /// How many runs of "down" there are.
  std::size_t followed() { return world_.runs("down").size(); }
  Names waiting_on() { return world_.task("down").waiting_on; }

 private:
  void end(const std::string& id, boost::json::value params) {
    world_->execute(id, std::move(params)).value();
    world_.settle();
  }

  World world_;
};

Result<void> pause(World& world, const std::string& id, bool paused) {
  auto done = paused ? world->pause(id) : world->resume(id);
  if (!done) return done.error();
  return {};
}

}  // namespace

TEST_CASE("a task runs when each dependency has completed anew") {
  Pair pair;
  CHECK(pair.waiting_on().empty());
  pair.completes("a");
  CHECK(pair.followed() == 0);
  CHECK(pair.waiting_on() == Names{"b"});
  pair.completes("a");
  CHECK(pair.followed() == 0);
  pair.world().reboot();
  pair.world()->function("do", [](RunContext&, const boost::json::value&) {});
  pair.completes("b");
  REQUIRE(pair.followed() == 1);
  CHECK(pair.world().last_run("down").trigger == Trigger::dependency);
  CHECK(pair.world().last_run("down").status == Status::completed);
  CHECK(pair.waiting_on().empty());
  pair.completes("b");
  CHECK(pair.followed() == 1);
  pair.completes("a");
  CHECK(pair.followed() == 2);
}

TEST_CASE("what had settled before the task was made is not followed") {
  World world(either_kind());
  world->create({.id = "up", .name = "up", .config = call("note")}).value();
  world->execute("up").value();
  world.settle();
  world->create({.id = "down", .name = "down", .config = call("note"), .schedule = kAfter, .dependencies = {"up"}})
      .value();
  world.advance(1h);
  CHECK(world.runs("down").empty());
  world->execute("up").value();
  world.settle();
  CHECK(world.runs("down").size() == 1);
}

TEST_CASE("a failure is waited out, or followed as the task says") {
  {
    Pair pair;
    pair.fails("a");
    pair.completes("b");
    CHECK(pair.followed() == 0);
    CHECK(pair.waiting_on() == Names{"a"});
    pair.completes("a");
    CHECK(pair.followed() == 1);
  }
  {
    Pair pair({.name = "", .on_dependency_failure = OnDependencyFailure::cancel});
    pair.fails("a");
    CHECK(pair.followed() == 0);
    pair.completes("b");
    REQUIRE(pair.followed() == 1);
    CHECK(pair.world().last_run("down").status == Status::cancelled);
    CHECK(pair.world().last_run("down").reason == "dependency_failed");
    CHECK(pair.world().task("down").status == Status::cancelled);
  }
  {
    Pair pair({.name = "", .on_dependency_failure = OnDependencyFailure::run});
    pair.fails("a");
    pair.completes("b");
    REQUIRE(pair.followed() == 1);
    CHECK(pair.world().last_run("down").status == Status::completed);
  }
}

TEST_CASE("rules about any of them follow the first, and all that has settled by then with it") {
  Pair pair({.name = "", .trigger_rule = TriggerRule::any_failed});
  pair.completes("a");
  CHECK(pair.followed() == 0);
  pair.fails("b");
  CHECK(pair.followed() == 1);
  pair.completes("b");
  pair.completes("a");
  CHECK(pair.followed() == 1);  // not needed, and no trace of it
  pair.fails("a");
  CHECK(pair.followed() == 2);
}

TEST_CASE("ends in a pause are recorded as skipped, not followed") {
  Pair pair;
  pair.completes("a");
  pause(pair.world(), "down", true).value();
  pair.completes("b");
  CHECK(pair.followed() == 0);
  pause(pair.world(), "down", false).value();
  CHECK(pair.followed() == 0);
  CHECK(pair.world().lines_with("down", "the task was paused") == 1);
  pair.completes("a");
  CHECK(pair.followed() == 0);
  pair.completes("b");
  CHECK(pair.followed() == 1);
}

TEST_CASE("half a round outlasts a pause") {
  Pair pair;
  pair.completes("a");
  pause(pair.world(), "down", true).value();
  pause(pair.world(), "down", false).value();
  CHECK(pair.world().lines_with("down", "the task was paused") == 0);
  pair.completes("b");
  CHECK(pair.followed() == 1);
}

TEST_CASE("those that follow a task that was cancelled for a failure learn of it") {
  Pair pair({.name = "", .on_dependency_failure = OnDependencyFailure::cancel});
  World& world = pair.world();
  world
      ->create({.id = "alarm",
                .name = "alarm",
                .config = call("note"),
                .schedule = kAfter,
                .dependencies = {"down"},
                .trigger_rule = TriggerRule::any_failed})
      .value();
  pair.completes("a");
  pair.fails("b");
  CHECK(world.last_run("down").status == Status::cancelled);
  CHECK(world.runs("alarm").size() == 1);
  pair.completes("a");
  pair.completes("b");
  CHECK(world.last_run("down").status == Status::completed);
  CHECK(world.runs("alarm").size() == 1);
}

TEST_CASE("a run that follows begins within the task's spread") {
  Pair pair({.name = "", .schedule_jitter = 1h});
  pair.completes("a");
  pair.completes("b");
  const Run run = pair.world().last_run("down");
  CHECK(run.status == Status::pending);
  pair.world().advance(1h);
  CHECK(pair.world().run(run.id).status == Status::completed);
}

TEST_CASE("what overlap says holds for runs that follow, too") {
  const auto overlap = GENERATE(Overlap::skip, Overlap::queue, Overlap::allow, Overlap::cancel_previous);
  Pair pair({.name = "", .config = call("park"), .overlap = overlap});
  World& world = pair.world();
  const auto round = [&] {
    pair.completes("a");
    pair.completes("b");
  };
  round();
  round();
  round();
  switch (overlap) {
    case Overlap::skip:
      CHECK(pair.followed() == 1);
      CHECK(world.lines_with("down", "an earlier run was still live") == 2);
      return;
    case Overlap::queue:
      CHECK(pair.followed() == 2);
      CHECK(world.lines_with("down", "an earlier run was still live") == 1);
      world.finish("down");
      CHECK(world.parked.size() == 1);
      return;
    case Overlap::allow:
      CHECK(world.parked.size() == 3);
      return;
    case Overlap::cancel_previous:
      CHECK(pair.followed() == 3);
      CHECK(world.run(world.runs("down").front().id).cancel_requested);
      return;
  }
}

TEST_CASE("bounds and calendars hold for a task that follows") {
  {
    Pair pair({.name = "", .max_runs = 1});
    for (int i = 0; i < 2; ++i) {
      pair.completes("a");
      pair.completes("b");
    }
    CHECK(pair.followed() == 1);
  }
  World world(either_kind());
  world->put_calendar({.name = "never", .weekdays = {"mon", "tue", "wed", "thu", "fri", "sat"}}).value();
  world->create({.id = "up", .name = "up", .config = call("note")}).value();
  world
      ->create({.id = "down",
                .name = "down",
                .config = call("note"),
                .schedule = kAfter,
                .end_at = world.now() + 240h,
                .calendar = "never",
                .dependencies = {"up"}})
      .value();
  std::size_t followed = 0;
  for (int day = 0; day < 14; ++day) {
    world->execute("up").value();
    world.settle();
    const bool sunday = std::chrono::weekday(std::chrono::floor<std::chrono::days>(world.now())) == std::chrono::Sunday;
    followed += sunday && day <= 10 ? 1 : 0;
    CHECK(world.runs("down").size() == followed);
    world.advance(24h);
  }
  CHECK(followed > 0);
  CHECK(world.lines_with("down", "its calendar closes the day") == 14 - followed);
}

TEST_CASE("a lost dependency begins what is left anew, and the last one leaves a task that runs by hand") {
  Pair pair;
  pair.completes("a");
  pair.world()->remove("b", {.force = true}).value();
  pair.world().settle();
  CHECK(pair.followed() == 0);
  pair.completes("a");
  CHECK(pair.followed() == 1);
  pair.world()->remove("a", {.force = true}).value();
  CHECK(pair.world().task("down").schedule == "manual");
}

TEST_CASE("an edited task goes on from its edges, and a new edge begins with what settles next") {
  Pair pair;
  World& world = pair.world();
  world->create({.id = "c", .name = "c", .config = call("do")}).value();
  pair.completes("c");
  pair.completes("a");
  const auto depend_on = [&](std::vector<std::string> ids) {
    world
        ->update("down",
                 [&](const Task&, TaskSpec& spec) -> Result<void> {
                   spec.dependencies = ids;
                   return {};
                 })
        .value();
    world.settle();
  };
  depend_on({"c", "a"});
  CHECK(pair.followed() == 0);
  CHECK(pair.waiting_on() == Names{"c"});
  pair.completes("c");
  CHECK(pair.followed() == 1);
  pair.completes("a");
  depend_on({"a"});  // whose end is news still
  CHECK(pair.followed() == 2);
}

TEST_CASE("a run by hand of a task that follows waits as any other") {
  Pair pair;
  const std::string id = pair.world()->execute("down").value().id;
  CHECK(pair.world().run(id).waiting_on == Names{"a", "b"});
  pair.completes("a");
  pair.completes("b");
  CHECK(pair.world().run(id).status == Status::completed);
}

TEST_CASE("a task that follows needs something to follow") {
  World world(either_kind());
  const Error error = world->create({.name = "n", .schedule = kAfter}).error();
  CHECK(error.fields.at(0).pointer == "/schedule");
  world->create({.id = "up", .name = "up"}).value();
  world->create({.id = "down", .name = "down", .schedule = kAfter, .dependencies = {"up"}}).value();
  CHECK(world->backfill("down", {.from = world.start(), .to = world.now()}).has_error());
  CHECK(world->next("down").value().empty());
}

}  // namespace taskcore::engine_test
