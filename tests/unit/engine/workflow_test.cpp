// Workflow runs: a task and all that it depends on by one call, and runs that repeat a settled one.
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

const Outcome kFailed = Outcome::failure("x", "no luck", false);

/// The seed's example: "deploy" needs "build" and "tests", which needs "build", too.
void make_deployment(World& world, TaskSpec build = {}) {
  build.id = build.name = "build";
  build.config = call("park");
  world->create(build).value();
  world->create({.id = "tests", .name = "tests", .config = call("park"), .dependencies = {"build"}}).value();
  world->create({.id = "deploy", .name = "deploy", .config = call("park"), .dependencies = {"build", "tests"}}).value();
}

/// Its workflow run, of which the build has completed.
Run begin_deployment(World& world) {
  make_deployment(world);
  const Run own = world->execute_workflow("deploy").value();
  world.settle();
  world.finish("build");
  return own;
}

/// Runs are kept for an hour.
Options forgetful() {
  Options options;
  options.retention.runs = 1h;
  return options;
}

std::vector<std::string> states(World& world, const std::string& id) {
  std::vector<std::string> out;
  for (const Run& run : world->get_workflow(id).value().nodes) {
    out.push_back(run.task_id + " " + std::string(to_string(run.status)));
  }
  return out;
}

}  // namespace

TEST_CASE("one call runs a task and all that it depends on, in order") {
  World world(either_kind());
  make_deployment(world);
  const Run own = world->execute_workflow("deploy", {{"to", "stage"}}).value();
  CHECK(own.task_id == "deploy");
  CHECK(own.workflow_run_id == own.id);
  world.settle();
  CHECK(states(world, own.id) == Names{"build running", "tests pending", "deploy pending"});
  CHECK(world->get_workflow(own.id).value().status == Status::running);
  CHECK(world.run(own.id).waiting_on == Names{"build", "tests"});
  world.finish("build");
  CHECK(states(world, own.id) == Names{"build completed", "tests running", "deploy pending"});
  world.reboot();
  world.advance(1min);  // what was lost is tried again
  world.finish("tests");
  world.finish("deploy");
  const WorkflowRun done = world->get_workflow(own.id).value();
  CHECK(done.status == Status::completed);
  CHECK(done.task_id == "deploy");
  CHECK(done.finished_at.has_value());
  CHECK(world.run(own.id).params == boost::json::value{{"to", "stage"}});
  CHECK(world.last_run("build").params.is_null());
  CHECK(world.last_run("build").workflow_run_id == own.id);
}

TEST_CASE("inside a workflow only its own runs count") {
  World world(either_kind());
  make_deployment(world);
  world->execute("build").value();
  world.settle();
  world.finish("build");
  const Run own = world->execute_workflow("deploy").value();
  world.settle();
  // The build of before has completed, and another one fails meanwhile: neither is this workflow's.
  CHECK(states(world, own.id) == Names{"build running", "tests pending", "deploy pending"});
  world->execute("build").value();  // behind the one that runs
  world.finish("build");
  world.finish("build", kFailed);
  CHECK(world.last_run("build").status == Status::failed);
  world.finish("tests");
  CHECK(states(world, own.id) == Names{"build completed", "tests completed", "deploy running"});
}

TEST_CASE("an attempt in a workflow sees the results of that workflow") {
  World world(either_kind());
  boost::json::object seen;
  world->function("look", [&seen](RunContext& context, const boost::json::value&) { seen = context.dependencies(); });
  world->create({.id = "up", .name = "up", .config = call("park"), .overlap = Overlap::allow}).value();
  world->create({.id = "down", .name = "down", .config = call("look"), .dependencies = {"up"}}).value();
  world->execute_workflow("down").value();
  world.settle();
  world->execute("up").value();
  world.settle();
  REQUIRE(world.parked.size() == 2);
  world.parked[1].done(Outcome::success("another's"));
  world.settle();
  CHECK(seen.empty());
  world.parked[0].done(Outcome::success("ours"));
  world.settle();
  CHECK(seen.at("up").at("result") == "ours");
}

TEST_CASE("what did not complete is run again, the rest stays") {
  World world(either_kind());
  const Run own = begin_deployment(world);
  CHECK(world->retry_workflow(own.id).error().code == Errc::conflict);
  world.finish("tests", kFailed);
  CHECK(states(world, own.id) == Names{"build completed", "tests failed", "deploy pending"});
  const bool ends_the_rest = GENERATE(false, true);
  if (ends_the_rest) {
    world->cancel_workflow(own.id).value();
    CHECK(states(world, own.id) == Names{"build completed", "tests failed", "deploy cancelled"});
    CHECK(world->get_workflow(own.id).value().status == Status::failed);
  }
  const WorkflowRun again = world->retry_workflow(own.id).value();
  CHECK(again.id == own.id);
  world.settle();
  CHECK(states(world, own.id) == Names{"build completed", "tests running", "deploy pending"});
  CHECK(world.last_run("tests").trigger == Trigger::retry_now);
  CHECK(world.last_run("deploy").retry_of == (ends_the_rest ? own.id : ""));
  world.finish("tests");
  world.finish("deploy");
  CHECK(world->get_workflow(own.id).value().status == Status::completed);
  CHECK(world->retry_workflow(own.id).value().status == Status::completed);  // nothing to do
  CHECK(world.runs("build").size() == 1);
}

TEST_CASE("a workflow is cancelled as a whole") {
  World world(either_kind());
  make_deployment(world);
  const Run own = world->execute_workflow("deploy").value();
  world.settle();
  world->cancel_workflow(own.id).value();
  world.settle();
  CHECK(world.run(world.last_run("build").id).cancel_requested);
  world.finish("build", kFailed);
  CHECK(states(world, own.id) == Names{"build cancelled", "tests cancelled", "deploy cancelled"});
  CHECK(world->get_workflow(own.id).value().status == Status::cancelled);
}

TEST_CASE("many workflows that wait for ever hold up none that need not") {
  World world;
  world->create({.id = "up", .name = "up", .config = call("park"), .overlap = Overlap::allow}).value();
  world
      ->create(
          {.id = "down", .name = "down", .config = call("note"), .dependencies = {"up"}, .overlap = Overlap::allow})
      .value();
  for (int i = 0; i < 600; ++i) {
    world->execute_workflow("down").value();
    world.settle();
    world.finish("up", kFailed);
  }
  const std::string last = world->execute_workflow("down").value().id;
  world.settle();
  world.finish("up");
  CHECK(world.run(last).status == Status::completed);
  CHECK(world.runs("down").front().status == Status::pending);
}

TEST_CASE("a task that follows others has one run in a workflow") {
  World world(either_kind());
  const auto overlap = GENERATE(Overlap::skip, Overlap::queue, Overlap::allow, Overlap::cancel_previous);
  world->create({.id = "up", .name = "up", .config = call("note")}).value();
  world
      ->create({.id = "down",
                .name = "down",
                .config = call("note"),
                .schedule = "after dependencies",
                .dependencies = {"up"},
                .overlap = overlap})
      .value();
  const std::string own = world->execute_workflow("down").value().id;
  world.settle();
  CHECK(world.run(own).status == Status::completed);
  CHECK(world.runs("down").size() == 1);
  CHECK(world.lines_with("down", "skipped") == 0);
  world->execute("up").value();
  world.settle();
  CHECK(world.runs("down").size() == 2);
}

TEST_CASE("a workflow of which parts are gone is not patched with others' runs, and stays as long as its parts") {
  World world(either_kind(), forgetful());
  const Run own = begin_deployment(world);
  world.finish("tests", kFailed);
  world->cancel_workflow(own.id).value();
  for (const char* id : {"build", "deploy"}) {  // newer runs, so that retention may take the workflow's
    world->execute(id).value();
    world.settle();
    if (id == std::string("build")) world.finish("build");
  }
  world->cancel("deploy").value();
  world.advance(5h);
  CHECK(world.runs("build").size() == 1);
  CHECK(world->retry_workflow(own.id).error().code == Errc::conflict);
  CHECK(states(world, own.id) == Names{"tests failed", "deploy cancelled"});
}

TEST_CASE("what was not needed is not repeated") {
  World world(either_kind());
  world->create({.id = "work", .name = "work", .config = call("note")}).value();
  world
      ->create({.id = "mend",
                .name = "mend",
                .config = call("note"),
                .dependencies = {"work"},
                .trigger_rule = TriggerRule::any_failed})
      .value();
  world->create({.id = "end", .name = "end", .dependencies = {"mend"}, .trigger_rule = TriggerRule::all_finished})
      .value();
  const Run own = world->execute_workflow("end").value();
  world.settle();
  CHECK(states(world, own.id) == Names{"work completed", "mend cancelled", "end completed"});
  world->retry_workflow(own.id).value();
  world.settle();
  CHECK(world.runs("mend").size() == 1);
}

TEST_CASE("paused tasks run in a workflow, as by hand") {
  World world(either_kind());
  make_deployment(world, {.name = "", .paused = true});
  world->execute_workflow("deploy").value();
  world.settle();
  CHECK(world.parked.size() == 1);
}

TEST_CASE("who may not run all of it runs none of it") {
  World world(either_kind());
  make_deployment(world);
  const auto guard = [](const Task& task) -> Result<void> {
    if (task.id == "build") return fail(Errc::not_found, "hidden");
    return {};
  };
  CHECK(world->execute_workflow("deploy", {}, guard).error().detail == "hidden");
  for (const char* id : {"build", "tests", "deploy"}) CHECK(world.runs(id).empty());
  const std::string own = world->execute_workflow("deploy").value().id;
  CHECK(world->cancel_workflow(own, guard).error().detail == "hidden");
  CHECK(world->get_workflow(own).value().status != Status::cancelled);
}

TEST_CASE("a run that is not a workflow's own is none") {
  World world(either_kind());
  make_deployment(world);
  const std::string alone = world->execute("deploy").value().id;
  world->execute_workflow("deploy").value();
  for (const std::string& id : {alone, world.last_run("tests").id, std::string("nonsense")}) {
    CHECK(world->get_workflow(id).error().code == Errc::not_found);
    CHECK(world->cancel_workflow(id).error().code == Errc::not_found);
    CHECK(world->retry_workflow(id).error().code == Errc::not_found);
  }
}

TEST_CASE("a settled run is repeated with its params, a live one is not") {
  World world(either_kind());
  world->create({.id = "job", .name = "job", .config = call("park")}).value();
  const std::string first = world->execute("job", {{"n", 1}}).value().id;
  world.settle();
  CHECK(world->retry_run(first).error().code == Errc::conflict);
  world.finish("job", kFailed);
  const Run again = world->retry_run(first).value();
  CHECK(again.retry_of == first);
  CHECK(again.trigger == Trigger::retry_now);
  CHECK(again.params == boost::json::value{{"n", 1}});
  world.settle();
  world.finish("job");
  CHECK(world.run(again.id).status == Status::completed);
  CHECK(world.run(first).status == Status::failed);
  CHECK(world->retry_run("nonsense").error().code == Errc::not_found);
}

TEST_CASE("retention spares what a live workflow needs") {
  World world(either_kind(), forgetful());
  const Run own = begin_deployment(world);
  for (int i = 0; i < 3; ++i) {  // newer runs of the task, so that the workflow's is not its newest
    world->execute("build").value();
    world.settle();
    world.finish("build");
  }
  world.advance(5h);
  CHECK(states(world, own.id) == Names{"build completed", "tests running", "deploy pending"});
  CHECK(world.runs("build").size() == 2);
}

}  // namespace taskcore::engine_test
