// Cancelling runs in every state, and manual runs that queue behind a live one.
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {

TEST_CASE("manual runs are held behind the live one and released in order") {
  World world(either_kind());
  world->create({.id = "job", .name = "job", .config = call("park")}).value();
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(world->execute("job").value().id);
  world.settle();
  for (const std::string& id : ids) {
    REQUIRE(world.parked.size() == 1);
    CHECK(world.parked[0].context->id() == id);
    world.finish("job");
  }
  CHECK(world.parked.empty());
  CHECK(world.task("job").status == Status::completed);
}

TEST_CASE("a held run that is cancelled ends at once, without an attempt") {
  World world(either_kind());
  world->create({.id = "job", .name = "job", .config = call("park")}).value();
  world->execute("job").value();
  const std::string held = world->execute("job").value().id;
  const std::string last = world->execute("job").value().id;
  const Run run = world->cancel_run(held).value();
  CHECK(run.status == Status::cancelled);
  CHECK(run.attempts.empty());
  CHECK(run.finished_at == world.now());
  world.finish("job");
  REQUIRE(world.parked.size() == 1);
  CHECK(world.parked[0].context->id() == last);
}

TEST_CASE("a run between attempts that is cancelled ends at once and lets the held one go") {
  World world(either_kind());
  world
      ->create({.id = "job",
                .name = "job",
                .config = call("park"),
                .retry = {.initial_delay = 1min, .jitter = Jitter::none}})
      .value();
  const std::string first = world->execute("job").value().id;
  world->execute("job").value();
  world.settle();
  world.finish("job", Outcome::failure("x", "no luck"));
  CHECK(world.run(first).retry_at == world.now() + 1min);
  CHECK(world.task("job").retry_at == world.now() + 1min);
  CHECK(world.parked.empty());
  CHECK(world->cancel_run(first).value().status == Status::cancelled);
  world.settle();
  CHECK(world.parked.size() == 1);
  world.advance(2min);
  CHECK(world.run(first).attempts.size() == 1);
}

TEST_CASE("a running function sees the stop token, and its run ends cancelled whatever it says then") {
  World world(either_kind());
  world->create({.id = "job", .name = "job", .config = call("park")}).value();
  const std::string id = world->execute("job").value().id;
  world.settle();
  const Run asked = world->cancel_run(id).value();
  CHECK(asked.status == Status::running);
  CHECK(asked.cancel_requested);
  world.settle();
  CHECK(world.parked[0].context->stop_token().stop_requested());
  world.finish("job", GENERATE(true, false) ? Outcome::success(1) : Outcome::failure("x", "stopped"));
  const Run run = world.run(id);
  CHECK(run.status == Status::cancelled);
  CHECK(run.attempts.at(0).status == AttemptStatus::cancelled);
}

TEST_CASE("a cancellation that was asked for before a crash is carried out after it") {
  World world(either_kind());
  world->create({.id = "job", .name = "job", .config = call("park")}).value();
  const std::string id = world->execute("job").value().id;
  world.settle();
  CHECK(world->cancel_run(id).value().cancel_requested);
  world.reboot();
  const Run run = world.run(id);
  CHECK(run.status == Status::cancelled);
  CHECK(run.attempts.at(0).status == AttemptStatus::lost);
  world.advance(1h);
  CHECK(world.parked.empty());
}

TEST_CASE("a run keeps the reason for which it was cancelled while it ran") {
  World world(either_kind());
  world->create({.id = "job", .name = "job", .config = call("park"), .overlap = Overlap::cancel_previous}).value();
  const std::string first = world->execute("job").value().id;
  world.settle();
  world->execute("job").value();
  world.settle();
  CHECK(world.run(first).reason == "superseded");
  SECTION("when it ends") { world.finish("job", Outcome::failure("x", "stopped")); }
  SECTION("when its process dies") { world.reboot(); }
  CHECK(world.run(first).status == Status::cancelled);
  CHECK(world.run(first).reason == "superseded");
}

TEST_CASE("a task's cancel hits all its live runs and leaves the schedule alone") {
  World world(either_kind());
  world->create({.id = "job", .name = "job", .config = call("park"), .schedule = "every 1 hour"}).value();
  for (int i = 0; i < 4; ++i) world->execute("job").value();
  world.settle();
  const Task task = world->cancel("job").value();
  CHECK(task.next_run_at == world.start() + 1h);
  world.settle();
  CHECK(world.parked[0].context->stop_token().stop_requested());
  world.finish("job", Outcome::failure("x", "stopped"));
  for (const Run& run : world.runs("job")) CHECK(run.status == Status::cancelled);
  CHECK(world.calls.size() == 1);
  CHECK(world->cancel("job").has_value());  // nothing is left, which is no error
  world.advance(1h);
  CHECK(world.calls.size() == 2);
}

TEST_CASE("a task's cancel reaches more running runs than are read at once") {
  World world(either_kind(), {.max_concurrent = 1000});
  world->create({.id = "job", .name = "job", .config = call("park"), .overlap = Overlap::allow}).value();
  world->submit(std::vector<ExecuteRequest>(501, {.task_id = "job"})).value();
  world.settle();
  REQUIRE(world.parked.size() == 501);
  world->cancel("job").value();
  world.settle();
  for (const Parked& each : world.parked) REQUIRE(each.context->stop_token().stop_requested());
}

TEST_CASE("cancelling what is not there is refused, and what is over stays as it is") {
  World world(either_kind());
  CHECK(world->cancel("nobody").error().code == Errc::not_found);
  CHECK(world->cancel_run("run_77").error().code == Errc::not_found);
  CHECK(world->cancel_run("rubbish").error().code == Errc::not_found);
  world->create({.id = "job", .name = "job", .config = call("note")}).value();
  const std::string id = world->execute("job").value().id;
  world.settle();
  CHECK(world->cancel_run(id).value().status == Status::completed);
}

TEST_CASE("a manual run replaces the live one with cancel_previous and runs beside it with allow") {
  World world(either_kind());
  world->create({.id = "last", .name = "last", .config = call("park"), .overlap = Overlap::cancel_previous}).value();
  world->create({.id = "all", .name = "all", .config = call("park"), .overlap = Overlap::allow}).value();
  for (const char* id : {"last", "all"}) {
    world->execute(id).value();
    world->execute(id).value();
    world->execute(id).value();
  }
  world.settle();
  CHECK(world.parked.size() == 4);
  world.finish("last", Outcome::failure("x", "stopped"));
  CHECK(world.last_run("last").status == Status::running);
  CHECK(world.runs("last")[1].status == Status::cancelled);
  CHECK(world.runs("last")[1].attempts.empty());
}

TEST_CASE("no more than 10,000 runs of a task may wait, however they are asked for") {
  World world(either_kind(), {.max_concurrent = 1});
  world->create({.id = "job", .name = "job", .config = call("park")}).value();
  CHECK(world->submit(std::vector<ExecuteRequest>(10001, {.task_id = "job"})).error().code == Errc::overloaded);
  CHECK(world.runs("job").empty());
  world->submit(std::vector<ExecuteRequest>(10000, {.task_id = "job"})).value();
  CHECK(world->execute("job").error().code == Errc::overloaded);
}

}  // namespace taskcore::engine_test
