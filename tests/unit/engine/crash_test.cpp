// What a crash leaves behind, and what becomes of it at the next start.
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

/// The task "killer" with runs that were lost twice, and are not ready yet, and the task "other".
void make_suspects(World& world, int runs = 1) {
  const Overlap overlap = runs > 1 ? Overlap::allow : Overlap::skip;
  world->create({.id = "killer", .name = "killer", .config = call("park"), .overlap = overlap}).value();
  world->create({.id = "other", .name = "other", .config = call("park"), .overlap = Overlap::allow}).value();
  for (int i = 0; i < runs; ++i) world->execute("killer").value();
  world.settle();
  for (int loss = 1; loss <= 2; ++loss) {
    world.reboot();
    if (loss == 1) world.advance(1min);
  }
}

}  // namespace

TEST_CASE("a run that was running at a crash is lost and runs again after a backoff") {
  World world(either_kind());
  world->create({.id = "job", .name = "job", .config = call("park")}).value();
  const std::string id = world->execute("job").value().id;
  world.settle();
  REQUIRE(world.parked.size() == 1);

  world.reboot();
  Run run = world.run(id);
  CHECK(run.status == Status::pending);
  REQUIRE(run.retry_at.has_value());
  CHECK(*run.retry_at >= world.now() + 1s);
  REQUIRE(run.attempts.size() == 1);
  CHECK(run.attempts[0].status == AttemptStatus::lost);
  CHECK(world.parked.empty());

  world.advance(5s);
  REQUIRE(world.parked.size() == 1);
  CHECK(world.parked[0].context->attempt() == 2);
  world.finish("job");
  run = world.run(id);
  CHECK(run.status == Status::completed);
  CHECK(run.attempts.size() == 2);
  CHECK(world.runs("job").size() == 1);
}

TEST_CASE("a lost attempt uses up no retry") {
  World world(either_kind());
  world
      ->create({.id = "job",
                .name = "job",
                .config = call("park"),
                .max_retries = 1,
                .retry = {.initial_delay = 1s, .jitter = Jitter::none}})
      .value();
  const std::string id = world->execute("job").value().id;
  world.settle();
  world.reboot();
  world.advance(10s);
  world.finish("job", Outcome::failure("x", "first"));
  world.advance(10s);
  world.finish("job", Outcome::failure("x", "second"));
  const Run run = world.run(id);
  CHECK(run.status == Status::failed);
  REQUIRE(run.attempts.size() == 3);
  CHECK(run.attempts[0].status == AttemptStatus::lost);
  CHECK(run.attempts[1].status == AttemptStatus::failed);
  CHECK(run.attempts[2].status == AttemptStatus::failed);
}

TEST_CASE("a run that is lost three times ends failed") {
  World world(either_kind());
  world->create({.id = "killer", .name = "killer", .config = call("park")}).value();
  const std::string id = world->execute("killer").value().id;
  world.settle();
  for (int loss = 1; loss <= 3; ++loss) {
    REQUIRE(world.parked.size() == 1);
    world.reboot();
    world.advance(1min);
  }
  const Run run = world.run(id);
  CHECK(run.status == Status::failed);
  CHECK(run.attempts.size() == 3);
  CHECK(world.parked.empty());
  CHECK(run.error->code == "lost");
}

TEST_CASE("with recovery fail a lost run ends failed and is not run again") {
  World world(either_kind());
  world->create({.id = "pay", .name = "pay", .config = call("park"), .recovery = Recovery::fail}).value();
  const std::string id = world->execute("pay").value().id;
  world.settle();
  world.reboot();
  CHECK(world.run(id).status == Status::failed);
  world.advance(1h);
  CHECK(world.parked.empty());
  CHECK(world.task("pay").status == Status::failed);
}

TEST_CASE("a suspect that was lost twice runs alone") {
  World world(either_kind(), {.max_concurrent = 4});
  make_suspects(world);
  world->execute("other").value();
  world.settle();
  REQUIRE(world.parked.size() == 1);
  CHECK(world.parked[0].context->task_id() == "other");
  world.advance(1min);
  CHECK(world.parked.size() == 1);  // it waits for an empty node

  world.finish("other");
  REQUIRE(world.parked.size() == 1);
  CHECK(world.parked[0].context->task_id() == "killer");
  world->execute("other").value();
  world.settle();
  CHECK(world.parked.size() == 1);  // and nothing starts beside it

  world.finish("killer");
  REQUIRE(world.parked.size() == 1);
  CHECK(world.parked[0].context->task_id() == "other");
}

TEST_CASE("many suspects before a run do not hold it up") {
  World world(either_kind(), {.max_concurrent = 24});
  make_suspects(world, 20);
  for (int i = 0; i < 21; ++i) world->execute("other").value();
  world.advance(1min);
  REQUIRE(world.parked.size() == 21);  // the suspects wait
  world->execute("other").value();
  world.settle();
  CHECK(world.parked.size() == 22);
}

TEST_CASE("a suspect that waits for an empty node holds up nobody") {
  World world(either_kind(), {.max_concurrent = 2});
  make_suspects(world);
  world->execute("other").value();
  world.advance(1min);
  REQUIRE(world.parked.size() == 1);  // the killer waits
  world->execute("other").value();
  world->execute("other").value();
  world.settle();
  CHECK(world.parked.size() == 2);
  world.finish("other");
  CHECK(world.parked.size() == 2);  // the third one
  world->execute("other").value();
  world.finish("other");
  world.finish("other");
  world.finish("other");
  REQUIRE(world.parked.size() == 1);
  CHECK(world.parked[0].context->task_id() == "killer");
}

TEST_CASE("what was acknowledged and not begun is still there after a crash") {
  World world(either_kind(), {.max_concurrent = 1});
  world->create({.id = "long", .name = "long", .config = call("park")}).value();
  world->create({.id = "job", .name = "job", .config = call("note"), .overlap = Overlap::allow}).value();
  world->execute("long").value();
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(world->execute("job").value().id);
  world.settle();
  CHECK(world.times("job").empty());

  world.reboot();
  CHECK(world.times("job").size() == 5);
  for (const std::string& id : ids) CHECK(world.run(id).status == Status::completed);
  world.reboot();
  CHECK(world.times("job").size() == 5);
}

TEST_CASE("a retry that was due during the outage runs at the start") {
  World world(either_kind());
  world
      ->create({.id = "job",
                .name = "job",
                .config = call("fail"),
                .max_retries = 1,
                .retry = {.initial_delay = 10s, .jitter = Jitter::none}})
      .value();
  world->execute("job").value();
  world.settle();
  world.reboot_after(1min);
  CHECK(world.times("job") == Times{0s, 1min});
  CHECK(world.task("job").status == Status::failed);
}

TEST_CASE("a crash between any two steps loses nothing and doubles nothing") {
  const Kind kind = either_kind();
  for (int steps = 0; steps < 40; ++steps) {
    World world(kind);
    world->create({.id = "tick", .name = "tick", .config = call("note"), .schedule = "every 10 seconds"}).value();
    world.clock().advance(10s);
    for (int i = 0; i < steps && world.host().step(); ++i) {
    }
    world.reboot();
    world.advance(5s);
    const auto runs = world.runs("tick");
    INFO("crash after " << steps << " steps");
    REQUIRE(runs.size() == 1);
    CHECK(runs[0].status == Status::completed);
    CHECK(*runs[0].scheduled_for == world.start() + 10s);
    CHECK(world.times("tick").size() >= 1);
    world.advance(5s);
    CHECK(world.runs("tick").size() == 2);
  }
}

}  // namespace taskcore::engine_test
