// Dependencies: gates, what waits for what, results passed on, cycles and deletions.
#include <boost/json/serialize.hpp>

#include "unit/engine/world.hpp"

namespace taskcore::engine_test {

TEST_CASE("a run waits for its dependencies and names them") {
  World world(either_kind());
  world->create({.id = "a", .name = "a", .config = call("park")}).value();
  world->create({.id = "b", .name = "b", .config = call("park")}).value();
  world->create({.id = "c", .name = "c", .config = call("note"), .dependencies = {"a", "b"}}).value();
  const Run waiting = world->execute("c").value();
  CHECK(waiting.status == Status::pending);
  CHECK(waiting.waiting_on == Names{"a", "b"});
  CHECK(world.task("c").waiting_on == Names{"a", "b"});

  world->execute("a").value();
  world->execute("b").value();
  world.settle();
  world.finish("a");
  CHECK(world.run(waiting.id).waiting_on == Names{"b"});
  CHECK(world.times("c").empty());
  world.finish("b");
  CHECK(world.run(waiting.id).status == Status::completed);
  CHECK(world.task("c").waiting_on.empty());
}

TEST_CASE("tasks that are due at the same instant run in the order of their dependencies") {
  World world(either_kind());
  world->create({.id = "x", .name = "x", .config = call("park"), .schedule = "every 1 minute"}).value();
  world->create({.id = "y", .name = "y", .config = call("note"), .schedule = "every 1 minute", .dependencies = {"x"}})
      .value();
  world
      ->create(
          {.id = "z", .name = "z", .config = call("note"), .schedule = "every 1 minute", .dependencies = {"y", "x"}})
      .value();
  for (int minute = 1; minute <= 3; ++minute) {
    world.advance(1min - Duration(minute > 1 ? 5000 : 0));
    CHECK(world.order() == Names{"x"});
    world.advance(5s);  // the upstream takes a while; those below wait although it completed a minute ago
    CHECK(world.order() == Names{"x"});
    world.finish("x");
    CHECK(world.order() == Names{"x", "y", "z"});
    world.calls.clear();
  }
}

TEST_CASE("after a failure upstream a run waits, and goes when the upstream is mended") {
  World world(either_kind());
  world->create({.id = "up", .name = "up", .config = call("park"), .max_retries = 0}).value();
  world->create({.id = "down", .name = "down", .config = call("note"), .dependencies = {"up"}}).value();
  world->execute("up").value();
  world.settle();
  const std::string id = world->execute("down").value().id;
  world.finish("up", Outcome::failure("x", "no luck"));
  CHECK(world.run(id).waiting_on == Names{"up"});
  world.reboot();
  CHECK(world.run(id).waiting_on == Names{"up"});
  world->execute("up").value();
  world.settle();
  world.finish("up");
  CHECK(world.run(id).status == Status::completed);
}

namespace {

/// "up" and "other" park; "down" depends on both under this rule.
void make_diamond(World& world, TriggerRule rule, OnDependencyFailure on_failure = OnDependencyFailure::wait) {
  for (const char* id : {"up", "other"}) {
    world->create({.id = id, .name = id, .config = call("park"), .max_retries = 0}).value();
    world->execute(id).value();
  }
  world
      ->create({.id = "down",
                .name = "down",
                .config = call("note"),
                .dependencies = {"up", "other"},
                .trigger_rule = rule,
                .on_dependency_failure = on_failure})
      .value();
  world.settle();
}

const Outcome kFailed = Outcome::failure("x", "no luck");

}  // namespace

TEST_CASE("a run waits as its rule asks") {
  World world(either_kind());
  const auto rule = GENERATE(TriggerRule::all_finished, TriggerRule::any_completed, TriggerRule::any_failed);
  make_diamond(world, rule);
  const std::string id = world->execute("down").value().id;
  CHECK(world.run(id).waiting_on == Names{"up", "other"});
  world.finish("up", rule == TriggerRule::any_completed ? Outcome::success() : kFailed);
  const bool any = rule != TriggerRule::all_finished;
  CHECK(world.run(id).status == (any ? Status::completed : Status::pending));
  if (!any) CHECK(world.run(id).waiting_on == Names{"other"});
  world.finish("other");
  CHECK(world.run(id).status == Status::completed);
}

TEST_CASE("a failed dependency ends the run where the task says so, and those behind it") {
  World world(either_kind());
  make_diamond(world, TriggerRule::all_completed, OnDependencyFailure::cancel);
  world
      ->create({.id = "last",
                .name = "last",
                .dependencies = {"down"},
                .on_dependency_failure = OnDependencyFailure::cancel})
      .value();
  world
      ->create({.id = "mourner",
                .name = "mourner",
                .config = call("note"),
                .dependencies = {"last"},
                .trigger_rule = TriggerRule::any_failed})
      .value();
  const std::string down = world->execute("down").value().id;
  const std::string last = world->execute("last").value().id;
  const std::string mourner = world->execute("mourner").value().id;
  world.finish("up", kFailed);
  for (const std::string& id : {down, last}) {
    CHECK(world.run(id).status == Status::cancelled);
    CHECK(world.run(id).reason == "dependency_failed");
    CHECK(world.run(id).attempt == 0);
  }
  CHECK(world.run(mourner).status == Status::completed);
  // One that is made now finds things as they stand.
  CHECK(world.run(world->execute("down").value().id).reason == "dependency_failed");
}

TEST_CASE("a failed dependency is no hindrance where the task says so") {
  World world(either_kind());
  make_diamond(world, TriggerRule::all_completed, OnDependencyFailure::run);
  const std::string id = world->execute("down").value().id;
  world.finish("up", kFailed);
  CHECK(world.run(id).status == Status::completed);
}

TEST_CASE("a run for a failure is not needed when nothing failed") {
  World world(either_kind());
  make_diamond(world, TriggerRule::any_failed, OnDependencyFailure::run);
  const std::string id = world->execute("down").value().id;
  world.finish("up");
  CHECK(world.run(id).waiting_on == Names{"other"});
  world.finish("other");
  CHECK(world.run(id).status == Status::cancelled);
  CHECK(world.run(id).reason == "not_needed");
}

TEST_CASE("a changed rule is asked at once") {
  World world(either_kind());
  make_diamond(world, TriggerRule::all_completed);
  const std::string id = world->execute("down").value().id;
  world.finish("up", kFailed);
  CHECK(world.run(id).status == Status::pending);
  world
      ->update("down",
               [](const Task&, TaskSpec& spec) -> Result<void> {
                 spec.on_dependency_failure = OnDependencyFailure::cancel;
                 return {};
               })
      .value();
  world.settle();
  CHECK(world.run(id).reason == "dependency_failed");
}

TEST_CASE("a run goes at once when its dependencies hold already") {
  World world(either_kind());
  world->create({.id = "up", .name = "up", .config = call("note")}).value();
  world->create({.id = "down", .name = "down", .config = call("note"), .dependencies = {"up"}}).value();
  world->execute("up", {{"built", 7}}).value();
  world.settle();
  world->execute("down").value();
  world.settle();
  CHECK(world.order() == Names{"up", "down"});
}

TEST_CASE("an attempt sees the results of its dependencies") {
  World world(either_kind());
  boost::json::object seen;
  world->function("look", [&seen](RunContext& context, const boost::json::value&) { seen = context.dependencies(); });
  world->create({.id = "up", .name = "up", .config = call("note")}).value();
  world->create({.id = "down", .name = "down", .config = call("look"), .dependencies = {"up"}}).value();
  const std::string run = world->execute("up", {{"built", 7}}).value().id;
  world->execute("down").value();
  world.settle();
  CHECK(boost::json::serialize(seen) == R"({"up":{"runId":")" + run + R"(","result":{"built":7}}})");
}

TEST_CASE("a cycle is refused and spelled out") {
  World world(either_kind());
  world->create({.id = "a", .name = "a"}).value();
  world->create({.id = "b", .name = "b", .dependencies = {"a"}}).value();
  world->create({.id = "c", .name = "c", .dependencies = {"b"}}).value();
  const Error error = world
                          ->update("a",
                                   [](const Task&, TaskSpec& spec) -> Result<void> {
                                     spec.dependencies = {"c"};
                                     return {};
                                   })
                          .error();
  CHECK(error.code == Errc::cycle);
  CHECK(error.detail.find("a -> c -> b -> a") != std::string::npos);
  CHECK(world->create({.id = "d", .name = "d", .dependencies = {"d"}}).error().code == Errc::cycle);
  CHECK(world.task("a").dependencies.empty());
  CHECK(world.task("a").version == 1);
}

TEST_CASE("an unknown dependency is refused by name") {
  World world(either_kind());
  world->create({.id = "a", .name = "a"}).value();
  const Error error = world->create({.id = "b", .name = "b", .dependencies = {"a", "nobody"}}).error();
  CHECK(error.code == Errc::invalid);
  REQUIRE(error.fields.size() == 1);
  CHECK(error.fields[0].pointer == "/dependencies/1");
  CHECK(error.detail.find("'nobody'") != std::string::npos);
}

TEST_CASE("a dependency that the caller may not see is as good as unknown") {
  World world(either_kind());
  world->create({.id = "secret", .name = "secret"}).value();
  CreateOptions options;
  options.may_depend_on = [](const Task&) -> Result<void> { return fail(Errc::not_found, "no"); };
  CHECK(world->create({.id = "b", .name = "b", .dependencies = {"secret"}}, options).error().code == Errc::invalid);
}

TEST_CASE("a task that others need is not deleted; by force their waiting runs end cancelled") {
  World world(either_kind());
  world->create({.id = "up", .name = "up"}).value();
  world->create({.id = "down", .name = "down", .config = call("note"), .dependencies = {"up"}}).value();
  const std::string id = world->execute("down").value().id;
  const Error error = world->remove("up").error();
  CHECK(error.code == Errc::has_dependents);
  CHECK(error.detail.find("'down'") != std::string::npos);

  world->remove("up", {.force = true}).value();
  world.settle();
  const Run run = world.run(id);
  CHECK(run.status == Status::cancelled);
  CHECK(run.reason == "dependency_deleted");
  CHECK(world.calls.empty());
  CHECK(world.task("down").dependencies.empty());
}

TEST_CASE("changed edges let a waiting run go") {
  World world(either_kind());
  world->create({.id = "up", .name = "up"}).value();
  world->create({.id = "down", .name = "down", .config = call("note"), .dependencies = {"up"}}).value();
  const std::string id = world->execute("down").value().id;
  world
      ->update("down",
               [](const Task&, TaskSpec& spec) -> Result<void> {
                 spec.dependencies.clear();
                 return {};
               })
      .value();
  world.settle();
  CHECK(world.run(id).status == Status::completed);
}

TEST_CASE("all runs that wait for an upstream go when it completes, however many they are") {
  World world(either_kind());
  world->create({.id = "up", .name = "up", .config = call("note")}).value();
  world
      ->create(
          {.id = "down", .name = "down", .config = call("note"), .dependencies = {"up"}, .overlap = Overlap::allow})
      .value();
  world->submit(std::vector<ExecuteRequest>(1100, {.task_id = "down"})).value();
  world->execute("up").value();
  world.settle();
  CHECK(world.times("down").size() == 1100);
}

}  // namespace taskcore::engine_test
