// Two nodes on one store: leases tell who is alive, fences keep late writers out.
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

struct Pair {
  std::shared_ptr<Disk> disk = std::make_shared<Disk>(Kind::memory, true);
  std::shared_ptr<testing::VirtualClock> clock = std::make_shared<testing::VirtualClock>();
  World a{disk, clock, 1};
  World b{disk, clock, 2};

  /// Both live on.
  void advance(Duration by) {
    for (Duration left = by; left > 0ms; left -= 1s) {
      clock->advance(std::min<Duration>(left, 1s));
      a.settle();
      b.settle();
    }
  }

  void strike_off_all() {
    const auto store = disk->open();
    store->open().value();
    store->begin().value();
    for (const NodeRow& node : store->nodes().value()) store->remove_node(node.node).value();
    store->commit().value();
  }
};

}  // namespace

TEST_CASE("nodes are told with their leases and what they run, also one that was struck off") {
  Pair nodes;
  nodes.a->create({.id = "job", .name = "job", .config = call("park")}).value();
  nodes.a->execute("job").value();
  nodes.a.settle();
  REQUIRE(nodes.a.parked.size() == 1);
  const auto told = nodes.b->nodes().value();
  REQUIRE(told.size() == 2);
  const std::string busy = nodes.b.last_run("job").node;
  for (const Node& node : told) {
    CHECK(node.running == (node.name == busy ? 1U : 0U));
    CHECK(node.is_self == (node.name != busy));
    CHECK(node.lease_until.value() > nodes.clock->now());
  }
  nodes.strike_off_all();
  for (const Node& node : nodes.a->nodes().value()) {
    CHECK(node.is_self);
    CHECK(node.name == busy);
    CHECK(node.running == 1);
  }
}

TEST_CASE("a process that has a store for itself is its one node, and has no lease") {
  World world(Kind::sqlite);
  world->create({.id = "job", .name = "job", .config = call("park")}).value();
  world->execute("job").value();
  world.settle();
  const auto told = world->nodes().value();
  REQUIRE(told.size() == 1);
  CHECK(told[0].name == world.last_run("job").node);
  CHECK(told[0].is_self);
  CHECK(told[0].running == 1);
  CHECK(!told[0].lease_until);
  world.stop(0ms);
  CHECK(world->nodes().error().code == Errc::stopped);
}

TEST_CASE("a live node's runs are left alone, and each instant runs once") {
  Pair nodes;
  nodes.a->create({.id = "long", .name = "long", .config = call("park")}).value();
  nodes.a->create({.id = "tick", .name = "tick", .config = call("note"), .schedule = "every 10 seconds"}).value();
  nodes.a->execute("long").value();
  nodes.advance(65s);
  CHECK(nodes.a.parked.size() + nodes.b.parked.size() == 1);
  CHECK(nodes.a.times("tick").size() + nodes.b.times("tick").size() == 6);
  CHECK(nodes.b.runs("tick").size() == 6);
}

TEST_CASE("the runs of a dead node are taken over when its lease has run out, and not before") {
  Pair nodes;
  nodes.a->create({.id = "job", .name = "job", .config = call("park")}).value();
  const std::string id = nodes.a->execute("job").value().id;
  nodes.a.settle();
  REQUIRE(nodes.a.parked.size() == 1);
  nodes.a.crash();
  nodes.b.advance(9s);
  CHECK(nodes.b.run(id).status == Status::running);
  nodes.b.advance(30s);
  REQUIRE(nodes.b.parked.size() == 1);
  CHECK(nodes.b.run(id).attempts.at(0).status == AttemptStatus::lost);
  nodes.b.finish("job");
  CHECK(nodes.b.run(id).status == Status::completed);
}

TEST_CASE("a node that was taken for dead comes too late: what it says changes nothing") {
  Pair nodes;
  nodes.a->create({.id = "job", .name = "job", .config = call("park")}).value();
  const std::string id = nodes.a->execute("job").value().id;
  nodes.a.settle();
  nodes.b.advance(40s);  // node a stands still
  REQUIRE(nodes.b.parked.size() == 1);
  nodes.a.finish("job", Outcome::success("late"));
  CHECK(nodes.b.run(id).status == Status::running);
  nodes.b.finish("job", Outcome::success("right"));
  CHECK(nodes.a.run(id).result == "right");
  CHECK(nodes.a.run(id).attempts.size() == 2);

  // Its slot is free again: it goes on working.
  nodes.a->execute("job").value();
  nodes.a.settle();
  CHECK(nodes.a.parked.size() + nodes.b.parked.size() == 1);
}

TEST_CASE("a cancellation reaches the node that runs the attempt") {
  Pair nodes;
  nodes.a->create({.id = "job", .name = "job", .config = call("park")}).value();
  const std::string id = nodes.a->execute("job").value().id;
  nodes.a.settle();
  nodes.b->cancel("job").value();
  CHECK(!nodes.a.parked.at(0).context->stop_token().stop_requested());
  nodes.advance(5s);
  CHECK(nodes.a.parked.at(0).context->stop_token().stop_requested());
  nodes.a.finish("job", Outcome::failure("x", "stopped"));
  CHECK(nodes.b.run(id).status == Status::cancelled);
}

TEST_CASE("an attempt that was taken for lost is asked to stop when its node goes on") {
  Pair nodes;
  nodes.a->create({.id = "job", .name = "job", .config = call("park")}).value();
  const std::string id = nodes.a->execute("job").value().id;
  nodes.a.settle();
  nodes.b.advance(40s);  // node a stands still
  nodes.a.settle();
  CHECK(nodes.a.parked.at(0).context->stop_token().stop_requested());
  CHECK(!nodes.b.parked.at(0).context->stop_token().stop_requested());
}

TEST_CASE("a node attends to instants that another one stored and did not live to see") {
  const auto disk = std::make_shared<Disk>(Kind::memory, true);
  const auto clock = std::make_shared<testing::VirtualClock>();
  World a{disk, clock, 1, {.scheduler_interval = 1h}};
  World b{disk, clock, 2, {.scheduler_interval = 1h}};
  a->create({.id = "later", .name = "later", .config = call("note"), .schedule = "in 1 minute"}).value();
  a.crash();
  b.advance(1min);
  CHECK(b.times("later") == Times{1min});
}

TEST_CASE("what a node begins after it was taken for dead, and before its next beat, is not lost with it") {
  Pair nodes;
  nodes.a->create({.id = "job", .name = "job", .config = call("park")}).value();
  nodes.clock->jump(1min);
  World c{nodes.disk, nodes.clock, 3};  // its first beat finds that both leases have run out
  const std::string id = nodes.a->execute("job").value().id;
  nodes.a.crash();
  nodes.b.crash();
  c.advance(40s);
  REQUIRE(c.parked.size() == 1);
  CHECK(c.run(id).attempts.at(0).status == AttemptStatus::lost);
}

TEST_CASE("a node that stops in good order gives up its lease, and its interrupted runs go on elsewhere") {
  Pair nodes;
  nodes.a->create({.id = "job", .name = "job", .config = call("park")}).value();
  const std::string id = nodes.a->execute("job").value().id;
  nodes.a.settle();
  nodes.a->async_stop(0ms, [](Result<void>) {});
  nodes.a.settle();
  nodes.clock->advance(1ms);
  nodes.a.settle();
  nodes.a.finish("job", Outcome::failure("x", "stopped"));
  nodes.b.advance(61s);
  REQUIRE(nodes.b.parked.size() == 1);
  CHECK(nodes.b.run(id).attempts.at(0).status == AttemptStatus::interrupted);
}

TEST_CASE("runs that a stop left behind are taken over by the other node") {
  Pair nodes;
  nodes.a->create({.id = "job", .name = "job", .config = call("park")}).value();
  const std::string id = nodes.a->execute("job").value().id;
  nodes.a.settle();
  nodes.a.stop(0ms);  // the function does not care
  nodes.b.advance(1min);
  REQUIRE(nodes.b.parked.size() == 1);
  CHECK(nodes.b.run(id).attempts.at(0).status == AttemptStatus::lost);
}

TEST_CASE("the runs of a node that is not on the list are taken over") {
  Pair nodes;
  nodes.a->create({.id = "job", .name = "job", .config = call("park")}).value();
  nodes.strike_off_all();  // as if node a had stood still; it claims before it says that it lives again, and dies
  const std::string id = nodes.a->execute("job").value().id;
  nodes.a.crash();
  nodes.b.advance(40s);
  REQUIRE(nodes.b.parked.size() == 1);
  CHECK(nodes.b.run(id).attempts.at(0).status == AttemptStatus::lost);
}

TEST_CASE("a cancellation that another node wrote reaches the attempt") {
  Pair nodes;
  nodes.a->create({.id = "job", .name = "job", .config = call("park")}).value();
  const std::string id = nodes.a->execute("job").value().id;
  nodes.a.settle();
  REQUIRE(nodes.a.parked.size() == 1);
  CHECK(nodes.b->cancel_run(id).value().cancel_requested);
  nodes.advance(6s);
  CHECK(nodes.a.parked.at(0).context->stop_token().stop_requested());
}

}  // namespace taskcore::engine_test
