// Settled runs that a user removes, and those that stay all the same.
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

RunSelection those(RunQuery filter) {
  RunSelection out;
  out.filter = std::move(filter);
  return out;
}

Names ids_of(const std::vector<Run>& runs) {
  Names out;
  for (const Run& run : runs) out.push_back(run.id);
  return out;
}

/// What a removal does to the runs of a task; a dry run has said so before.
std::size_t remove(World& world, const std::string& id) {
  RunSelection which = those({.task_id = id});
  which.dry_run = true;
  const Names before = ids_of(world.runs(id));
  const auto would = world->remove_runs(which).value();
  CHECK(ids_of(world.runs(id)) == before);
  which.dry_run = false;
  const auto did = world->remove_runs(which).value();
  CHECK(did.ids == would.ids);
  CHECK(did.matched == would.matched);
  return did.ids.size();
}

}  // namespace

TEST_CASE("settled runs are removed with their logs, but for the newest and the newest that completed") {
  World world(either_kind());
  world->create({.id = "a", .name = "a", .config = call("park"), .max_retries = 0, .overlap = Overlap::allow}).value();
  Names ids;
  for (const bool good : {true, true, false, false}) {
    ids.push_back(world->execute("a").value().id);
    world.settle();
    world.finish("a", good ? Outcome::success() : Outcome::failure("x", "no luck", false));
  }
  const std::string live = world->execute("a").value().id;
  world.settle();
  CHECK(world->logs({.task_id = "a", .run_id = ids[0]}).has_value());
  const auto kept = world->remove_runs(those({.task_id = "a"})).value();
  CHECK(kept.matched == 4);
  CHECK(kept.ids == Names{ids[0], ids[2]});
  CHECK(ids_of(world.runs("a")) == Names{ids[1], ids[3], live});
  CHECK(world->logs({.task_id = "a", .run_id = ids[0]}).error().code == Errc::not_found);
  CHECK(world.task("a").status == Status::running);
  world.reboot();
  CHECK(ids_of(world.runs("a")) == Names{ids[1], ids[3], live});
}

TEST_CASE("what a live workflow needs stays, and its own run stays as long as others of it") {
  World world(either_kind());
  world->create({.id = "up", .name = "up", .config = call("note")}).value();
  world->create({.id = "down", .name = "down", .config = call("park"), .dependencies = {"up"}}).value();
  const std::string own = world->execute_workflow("down").value().id;
  world.settle();
  world->execute("up").value();
  world.settle();
  CHECK(remove(world, "up") == 0);  // "down" runs
  world.finish("down");
  world->execute("down").value();
  world.settle();
  world.finish("down");
  CHECK(remove(world, "down") == 0);  // the workflow is known by that run
  CHECK(world->get_workflow(own).has_value());
  const auto all = world->remove_runs(those({})).value();
  CHECK(all.matched == 4);
  CHECK(all.ids.size() == 2);
  CHECK(world->get_run(own).error().code == Errc::not_found);
  CHECK(world.runs("up").size() == 1);
  CHECK(world.runs("down").size() == 1);
}

TEST_CASE("a dead letter does not come back when the run that repeated it is removed") {
  World world(either_kind());
  world->create({.id = "a", .name = "a", .config = call("fail"), .max_retries = 0}).value();
  const std::string first = world->execute("a").value().id;
  world.settle();
  const std::string second = world->retry_run(first).value().id;
  world.settle();
  const std::string third = world->retry_run(second).value().id;
  world.settle();
  RunSelection one;
  one.ids = Names{second};
  CHECK(world->remove_runs(one).value().ids == Names{second});
  const auto dead = world->dead_letters().value().items;
  CHECK(ids_of(dead) == Names{third});
  CHECK(world.run(third).retry_of == second);
}

}  // namespace taskcore::engine_test
