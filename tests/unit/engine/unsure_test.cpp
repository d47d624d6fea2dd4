// A commit whose outcome nobody knows: the engine looks again, does nothing twice, and goes on.
#include "unit/engine/unsure_store.hpp"
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

/// Sooner than an end that may not have been written is written again.
const RetryPolicy kSoon{100ms, 1.0, 100ms, Jitter::none};

struct Unsure {
  explicit Unsure(Kind kind, int slots = 1) : disk(std::make_shared<Disk>(kind)) {
    disk->wrap = [this](std::unique_ptr<Store> store) {
      return std::make_unique<UnsureStore>(std::move(store), next_commit);
    };
    world =
        std::make_unique<World>(disk, std::make_shared<testing::VirtualClock>(), 1, Options{.max_concurrent = slots});
    (*world)
        ->create({.id = "job", .name = "job", .config = call("park"), .retry = kSoon, .overlap = Overlap::allow})
        .value();
  }

  bool next_commit = false;
  std::shared_ptr<Disk> disk;
  std::unique_ptr<World> world{};
};

}  // namespace

TEST_CASE("the end of an attempt that was written after all is not written again, and its slot is free") {
  Unsure unsure(either_kind());
  World& world = *unsure.world;
  const std::string first = world->execute("job").value().id;
  world->execute("job").value();
  world.settle();
  world.parked.at(0).context->log(LogLevel::info, "once");
  unsure.next_commit = true;
  world.finish("job", Outcome::success(1));
  world.advance(5s);
  CHECK(world.run(first).result == 1);
  CHECK(world.run(first).attempts.size() == 1);
  CHECK(world.lines_with("job", "once") == 1);
  CHECK(world->ready());
  REQUIRE(world.parked.size() == 1);  // the second run's
  world.finish("job");
  CHECK(world.last_run("job").status == Status::completed);
}

TEST_CASE("a claim that was written after all is lost and made again") {
  Unsure unsure(either_kind());
  World& world = *unsure.world;
  unsure.next_commit = true;
  CHECK(world->execute("job").error().code == Errc::unavailable);
  world.advance(5s);
  REQUIRE(world.runs("job").size() == 1);
  CHECK(world.last_run("job").attempts.at(0).status == AttemptStatus::lost);
  REQUIRE(world.parked.size() == 1);
  world.finish("job");
  CHECK(world.last_run("job").status == Status::completed);
}

TEST_CASE("an edit that was written after all is seen, not the old task") {
  Unsure unsure(either_kind());
  World& world = *unsure.world;
  unsure.next_commit = true;
  CHECK(world->pause("job").error().code == Errc::unavailable);
  CHECK(world->pause("job").value().version == 2);
}

TEST_CASE("a signal that was written after all is there when the attempt that it found running asks for it") {
  Unsure unsure(either_kind());
  World& world = *unsure.world;
  const std::string id = world->execute("job").value().id;
  world.settle();
  unsure.next_commit = true;
  CHECK(world->signal(id, "go").error().code == Errc::unavailable);
  world.advance(5s);
  CHECK(world->signal(id, "go").error().code == Errc::conflict);
  world.finish("job", Outcome::await_signal());
  REQUIRE(world.parked.size() == 1);
  CHECK(world.parked[0].context->signal() == boost::json::value("go"));
}

TEST_CASE("a run cancelled between an end that was written after all and its repetition gives its slot back") {
  Unsure unsure(either_kind());
  World& world = *unsure.world;
  const std::string first = world->execute("job").value().id;
  world.settle();
  unsure.next_commit = true;
  world.finish("job", Outcome::failure("x", "no luck"));
  CHECK(world->cancel_run(first).value().status == Status::cancelled);
  world.advance(5s);
  world->execute("job").value();
  world.settle();
  CHECK(world.parked.size() == 1);
}

TEST_CASE("two ends in a row that were written after all leave no slot taken") {
  Unsure unsure(either_kind(), 2);
  World& world = *unsure.world;
  world->execute("job").value();
  world.settle();
  unsure.next_commit = true;
  world.finish("job", Outcome::failure("x", "no luck"));
  world.advance(100ms);
  world->create({.id = "other", .name = "other", .config = call("note")}).value();  // whatever makes a batch
  world.settle();
  REQUIRE(world.parked.size() == 1);  // the retry
  unsure.next_commit = true;
  world.finish("job", Outcome::failure("x", "no luck"));
  world.advance(5s);
  world.finish("job");
  CHECK(world.last_run("job").attempts.size() == 3);
  world->execute("job").value();
  world->execute("job").value();
  world.settle();
  CHECK(world.parked.size() == 2);
}

}  // namespace taskcore::engine_test
