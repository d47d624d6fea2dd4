// Making, ensuring, editing and removing tasks: what is refused, and what an edit leaves alone.
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

TaskSpec spec(std::string schedule = {}) {
  return {.id = "job", .name = "job", .config = call("note"), .schedule = std::move(schedule)};
}

TaskEdit rename(std::string name) {
  return [name = std::move(name)](const Task&, TaskSpec& spec) -> Result<void> {
    spec.name = name;
    return {};
  };
}

}  // namespace

TEST_CASE("a created task is as it was asked for, with the defaults filled in") {
  World world(either_kind());
  const Task task = world->create(spec(), {.created_by = "ann"}).value();
  CHECK(task.id == "job");
  CHECK(task.status == Status::pending);
  CHECK(task.created_by == "ann");
  CHECK(task.created_at == world.now());
  CHECK(task.version == 1);
  CHECK(task.schedule == "manual");
  CHECK(task.max_retries == 3);
  CHECK(task.timeout == 5min);
  CHECK_FALSE(task.next_run_at.has_value());
  CHECK(task.last_run_id.empty());
  world.reboot();
  CHECK(world.task("job").created_by == "ann");
}

TEST_CASE("a task without an id is given one that nobody else has") {
  World world(either_kind());
  const std::string a = world->create({.name = "a"}).value().id;
  const std::string b = world->create({.name = "b"}).value().id;
  CHECK(a.size() == 36);
  CHECK(a != b);
  CHECK(world.task(b).name == "b");
}

TEST_CASE("create refuses what is wrong and what is taken, and stores nothing then") {
  World world(either_kind());
  CHECK(world->create({.id = "a b", .name = "x"}).error().code == Errc::invalid);
  CHECK(world->create({.id = "x", .name = "x", .config = call("nobody")}).error().code == Errc::invalid);
  CHECK(world->create({.id = "x", .name = "x", .config = {.type = "teapot"}}).error().code == Errc::invalid);
  CHECK(world->create({.id = "x", .name = "x", .schedule = "whenever"}).error().code == Errc::invalid);
  CHECK(world->list().value().items.empty());
  world->create(spec()).value();
  CHECK(world->create(spec()).error().code == Errc::conflict);
}

TEST_CASE("ensure makes a task, and an equal spec changes nothing") {
  World world(either_kind());
  const auto schedule = GENERATE(as<std::string>(), "", "every 1 hour", "in 10 minutes", "now", "daily at 9:00");
  CHECK(world->ensure({.name = "x"}).error().code == Errc::invalid);
  const Task made = world->ensure(spec(schedule)).value();
  world.advance(3min);
  world.reboot();
  world.advance(1min);
  const std::size_t calls = world.calls.size();
  const Task same = world->ensure(spec(schedule)).value();
  CHECK(same.version == 1);
  CHECK(same.updated_at == made.updated_at);
  CHECK(same.schedule == made.schedule);
  world.advance(1min);
  CHECK(world.calls.size() == calls);
  if (schedule != "now") CHECK(world.task("job").next_run_at == made.next_run_at);
}

TEST_CASE("ensure brings a task to its spec; a new schedule starts anew, the pause of an operator stays") {
  World world(either_kind());
  world->ensure(spec("every 1 hour")).value();
  world->pause("job").value();
  world.advance(10min);
  TaskSpec changed = spec("in 20 minutes");
  changed.tags = {"new"};
  Task task = world->ensure(changed).value();
  CHECK(task.paused);
  CHECK(task.tags == Names{"new"});
  task = world->resume("job").value();
  CHECK(task.next_run_at == world.start() + 30min);
  world.advance(5min);
  CHECK(world->ensure(changed).value().version == task.version);
  CHECK(world.task("job").next_run_at == world.start() + 30min);
}

TEST_CASE("an edit can be refused, by its author, by its version and by the rules") {
  World world(either_kind());
  world->create(spec()).value();
  CHECK(world->update("nobody", rename("x")).error().code == Errc::not_found);
  CHECK(world->update("job", rename("x"), {.if_version = 2}).error().code == Errc::conflict);
  CHECK(world->update("job", rename("")).error().code == Errc::invalid);
  CHECK(world->update("job", [](const Task&, TaskSpec& s) -> Result<void> { return s.id = "other", Result<void>(); })
            .error()
            .code == Errc::invalid);
  CHECK(world->update("job", [](const Task&, TaskSpec&) -> Result<void> { return fail(Errc::not_found, "not yours"); })
            .error()
            .code == Errc::not_found);
  CHECK(world->update("job", [](const Task&, TaskSpec&) -> Result<void> { throw std::runtime_error("oops"); })
            .error()
            .code == Errc::invalid);
  CHECK(world.task("job").version == 1);
  CHECK(world->update("job", rename("new"), {.if_version = 1}).value().version == 2);
  CHECK(world->update("job", rename("new")).value().version == 2);  // which changes nothing
  CHECK(world.task("job").name == "new");
}

TEST_CASE("an edit of other fields keeps the grid, an edit of the schedule starts it anew") {
  World world(either_kind());
  world->create(spec("every 10 seconds")).value();
  world.advance(14s);
  CHECK(world->update("job", rename("new")).value().next_run_at == world.start() + 20s);
  const Task task = world
                        ->update("job",
                                 [](const Task&, TaskSpec& s) -> Result<void> {
                                   return s.schedule = "every 20 seconds", Result<void>();
                                 })
                        .value();
  CHECK(task.next_run_at == world.start() + 34s);
  world.advance(30s);
  CHECK(world.times("job") == Times{10s, 34s});
}

TEST_CASE("an edited schedule cancels the runs that it had asked for and that nobody began") {
  World world(either_kind(), {.max_concurrent = 1});
  world->create({.id = "long", .name = "long", .config = call("park")}).value();
  world->execute("long").value();
  world->create(spec("every 10 seconds")).value();
  world.advance(10s);
  const std::string by_hand = world->execute("job").value().id;
  REQUIRE(world.runs("job").size() == 2);
  world
      ->update("job",
               [](const Task&, TaskSpec& s) -> Result<void> { return s.schedule = "every 1 hour", Result<void>(); })
      .value();
  CHECK(world.runs("job")[0].status == Status::cancelled);
  CHECK(world.runs("job")[0].reason == "rescheduled");
  world.finish("long");
  CHECK(world.run(by_hand).status == Status::completed);
  CHECK(world.calls.size() == 2);
}

TEST_CASE("an attempt keeps the spec that it started with, the next one reads the newest") {
  World world(either_kind());
  world
      ->create(
          {.id = "job", .name = "old", .config = call("park"), .retry = {.initial_delay = 1s, .jitter = Jitter::none}})
      .value();
  const std::string id = world->execute("job").value().id;
  world.settle();
  world->update("job", rename("new")).value();
  CHECK(world.parked[0].context->task_name() == "old");
  CHECK(world.run(id).task_version == 1);
  world.finish("job", Outcome::failure("x", "no luck"));
  world.advance(1s);
  CHECK(world.parked[0].context->task_name() == "new");
  CHECK(world.run(id).task_version == 2);
}

TEST_CASE("a removed task is gone at once, its live runs are cancelled, and its id may be taken again") {
  World world(either_kind());
  world->create({.id = "job", .name = "job", .config = call("park"), .schedule = "every 10 seconds"}).value();
  const std::string running = world->execute("job").value().id;
  const std::string held = world->execute("job").value().id;
  world.settle();
  CHECK(world->remove("job", {.if_version = 7}).error().code == Errc::conflict);
  world->remove("job").value();
  CHECK(world->get("job").error().code == Errc::not_found);
  CHECK(world->execute("job").error().code == Errc::not_found);
  CHECK(world->remove("job").error().code == Errc::not_found);
  CHECK(world->list().value().items.empty());
  world.settle();
  REQUIRE(world.parked.size() == 1);
  CHECK(world.parked[0].context->stop_token().stop_requested());

  world->create(spec()).value();
  world->execute("job").value();
  world.finish("job", Outcome::failure("x", "stopped"));  // the old one's
  CHECK(world.task("job").status == Status::completed);
  CHECK(world.runs("job").size() == 1);
  for (const std::string& id : {running, held}) {
    const auto run = world->get_run(id);
    if (run) CHECK(run->status == Status::cancelled);
  }
  world.advance(1min);
  CHECK(world.calls.size() == 2);
  CHECK(world.parked.empty());
}

TEST_CASE("a guard refuses what it is asked about") {
  World world(either_kind());
  world->create(spec("every 1 hour")).value();
  const TaskGuard guard = [](const Task& task) -> Result<void> {
    CHECK(task.id == "job");
    return fail(Errc::not_found, "not yours");
  };
  CHECK(world->execute("job", {}, guard).error().code == Errc::not_found);
  CHECK(world->cancel("job", guard).error().code == Errc::not_found);
  CHECK(world->pause("job", guard).error().code == Errc::not_found);
  CHECK(world->resume("job", guard).error().code == Errc::not_found);
  CHECK(world->remove("job", {}, guard).error().code == Errc::not_found);
  CHECK_FALSE(world.task("job").paused);
}

}  // namespace taskcore::engine_test
