// A commit whose outcome nobody knows: the engine looks again, does nothing twice, and goes on.
#include "unit/engine/unsure_store.hpp"
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

struct Unsure {
  explicit Unsure(Kind kind) : disk(std::make_shared<Disk>(kind)) {
    disk->wrap = [this](std::unique_ptr<Store> store) {
      return std::make_unique<UnsureStore>(std::move(store), next_commit);
    };
    world = std::make_unique<World>(disk, std::make_shared<testing::VirtualClock>(), 1, Options{.max_concurrent = 1});
    (*world)->create({.id = "job", .name = "job", .config = call("park"), .overlap = Overlap::allow}).value();
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

}  // namespace taskcore::engine_test
