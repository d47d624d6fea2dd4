// The numbers of a scheduler: that known work is counted exactly, and work that was taken back not at all.
#include "unit/engine/unsure_store.hpp"
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

std::uint64_t settled(const Metrics& metrics, Status status) {
  return metrics.runs.settled[static_cast<std::size_t>(status)];
}

std::uint64_t attempts(const Metrics& metrics, AttemptStatus status) {
  return metrics.runs.attempts[static_cast<std::size_t>(status)];
}

}  // namespace

TEST_CASE("runs and attempts are counted by how they end") {
  World world(either_kind());
  world->create({.id = "good", .name = "good", .config = call("note")}).value();
  world
      ->create({.id = "bad",
                .name = "bad",
                .config = call("fail"),
                .max_retries = 2,
                .retry = {.initial_delay = 1s, .multiplier = 1.0, .jitter = Jitter::none}})
      .value();
  world->create({.id = "long", .name = "long", .config = call("park"), .timeout = 3s, .overlap = Overlap::allow})
      .value();
  for (int i = 0; i < 5; ++i) world->execute("good").value();
  world->execute("bad").value();
  world.settle();
  world.advance(2s);
  const std::string cancelled = world->execute("long").value().id;
  world.settle();
  CHECK(world->metrics().active_runs == 1);
  world->cancel_run(cancelled).value();
  world.settle();
  world.finish("long", Outcome::failure("stopped", "was asked to"));

  const Metrics metrics = world->metrics();
  CHECK(metrics.runs.created == 7);
  CHECK(settled(metrics, Status::completed) == 5);
  CHECK(settled(metrics, Status::failed) == 1);
  CHECK(settled(metrics, Status::cancelled) == 1);
  CHECK(metrics.runs.attempts_started == 9);
  CHECK(attempts(metrics, AttemptStatus::completed) == 5);
  CHECK(attempts(metrics, AttemptStatus::failed) == 3);
  CHECK(attempts(metrics, AttemptStatus::cancelled) == 1);
  CHECK(metrics.runs.retries == 2);
  CHECK(metrics.active_runs == 0);
  CHECK(metrics.runs.durations.count() == 7);
  CHECK(metrics.runs.durations.sum == 2000);  // of the one that was tried three times
  CHECK(metrics.runs.start_lateness.count() == 9);
  CHECK(metrics.runs.start_lateness.sum == 0);
  CHECK(metrics.commit_sizes.count() == metrics.commit_durations.count());
  CHECK(metrics.commit_sizes.sum >= 10);
  CHECK(metrics.store_errors == 0);
}

TEST_CASE("what timed out, was interrupted, and was lost is told apart") {
  World world(Kind::sqlite);
  world->create({.id = "slow", .name = "slow", .config = call("park"), .max_retries = 0, .timeout = 3s}).value();
  world->execute("slow").value();
  world.advance(3s);
  world.finish("slow", Outcome::failure("late", "too late"));
  CHECK(attempts(world->metrics(), AttemptStatus::timed_out) == 1);
  CHECK(settled(world->metrics(), Status::failed) == 1);

  world->execute("slow").value();
  world.settle();
  world.reboot();
  CHECK(attempts(world->metrics(), AttemptStatus::lost) == 1);
  CHECK(world->metrics().runs.created == 0);  // they begin anew with each scheduler
}

TEST_CASE("a start that waited for a slot was late by that long") {
  World world(Kind::memory, {.max_concurrent = 1});
  world->create({.id = "a", .name = "a", .config = call("park"), .overlap = Overlap::allow}).value();
  world->execute("a").value();
  world->execute("a").value();
  world.settle();
  world.advance(700ms);
  const Queue queue = world->queues().value().front();
  CHECK(queue.ready == 1);
  CHECK(queue.oldest_ready == world.start());
  world.finish("a");
  const auto lateness = world->metrics().runs.start_lateness;
  CHECK(lateness.count() == 2);
  CHECK(lateness.sum == 700);
  CHECK(lateness.counts[6 + 1] == 1);  // above 500 and at most 1,000 ms
}

TEST_CASE("instants that got no run are counted") {
  World world(either_kind());
  world->create({.id = "a", .name = "a", .config = call("park"), .schedule = "every 1 second", .timeout = 1h}).value();
  world.advance(4s);
  CHECK(world->metrics().runs.created == 1);
  CHECK(world->metrics().runs.skipped_instants == 3);  // an earlier run was still live
}

TEST_CASE("a batch that the store did not take counts as an error and nothing else") {
  bool next_commit = false;
  auto disk = std::make_shared<Disk>(Kind::memory);
  disk->wrap = [&](std::unique_ptr<Store> store) {
    return std::make_unique<UnsureStore>(std::move(store), next_commit);
  };
  World world(disk, std::make_shared<testing::VirtualClock>(), 1);
  world->create({.id = "a", .name = "a", .config = call("park")}).value();
  const auto before = world->metrics();
  CHECK_FALSE(world->trouble());
  next_commit = true;
  CHECK_FALSE(world->execute("a").has_value());
  CHECK(world->trouble() == Errc::unavailable);
  CHECK_FALSE(world->ready());
  CHECK(world->metrics().store_errors == 1);
  CHECK(world->metrics().runs.created == before.runs.created);
  CHECK(world->metrics().commit_sizes.count() == before.commit_sizes.count());
  world.advance(1s);
  CHECK(world->ready());
}

TEST_CASE("a node that fell silent is counted by the one that finds it") {
  auto disk = std::make_shared<Disk>(Kind::memory, /*for_several=*/true);
  auto clock = std::make_shared<testing::VirtualClock>();
  World left(disk, clock, 1);
  World right(disk, clock, 2);
  left.crash();
  right.advance(60s);
  CHECK(right->metrics().runs.lost_leases == 1);
}

TEST_CASE("a value lies in the first bucket whose bound it does not exceed") {
  Histogram<kBatchSizeBounds> histogram;
  for (const std::uint64_t value : {0, 1, 2, 3, 1000, 1001}) histogram.add(value);
  CHECK(histogram.counts == std::array<std::uint64_t, 9>{2, 1, 1, 0, 0, 0, 0, 1, 1});
  CHECK(histogram.sum == 2007);
  CHECK(histogram.count() == 6);
}

}  // namespace taskcore::engine_test
