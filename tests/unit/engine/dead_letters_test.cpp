// Runs that failed for good and that nobody has had run again.
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

Names dead(World& world, RunQuery query = {}) {
  Names out;
  for (const Run& run : world->dead_letters(std::move(query)).value().items) out.push_back(run.id);
  return out;
}

void make(World& world, const std::string& id, const std::string& function, int retries = 0) {
  world
      ->create({.id = id,
                .name = id,
                .config = call(function),
                .max_retries = retries,
                .retry = {.initial_delay = 1s, .jitter = Jitter::none}},
               {.created_by = id})
      .value();
}

std::string run_to_end(World& world, const std::string& id) {
  const std::string run = world->execute(id).value().id;
  world.settle();
  return run;
}

}  // namespace

TEST_CASE("a run becomes a dead letter when its last attempt has failed, and stops being one when it is repeated") {
  World world(either_kind());
  make(world, "bad", "fail", 1);
  make(world, "good", "note");
  const std::string first = run_to_end(world, "bad");
  run_to_end(world, "good");
  CHECK(dead(world).empty());  // it will be tried again
  world.advance(1s);
  CHECK(dead(world) == Names{first});
  CHECK(dead(world, {.task_id = "good"}).empty());
  CHECK(world->dead_letters({.task_id = "nobody"}).error().code == Errc::not_found);

  const std::string again = world->retry_run(first).value().id;
  CHECK(dead(world).empty());
  world.advance(1s);
  CHECK(dead(world) == Names{again});
  world.reboot();
  CHECK(dead(world) == Names{again});
  const std::string third = run_to_end(world, "bad");
  world.advance(1s);
  CHECK(dead(world) == Names{third, again});
  CHECK(dead(world, {.oldest_first = true, .limit = 1}) == Names{again});
}

TEST_CASE("a caller finds the dead letters of the tasks that they see") {
  World world(either_kind());
  make(world, "ann", "fail");
  make(world, "bob", "fail");
  const std::string hers = run_to_end(world, "ann");
  run_to_end(world, "bob");
  CHECK(dead(world, {.visible_to = "ann"}) == Names{hers});
  CHECK(dead(world).size() == 2);
  world->remove("bob").value();
  CHECK(dead(world) == Names{hers});
}

TEST_CASE("a dead letter does not come back when retention takes the run that repeated it") {
  World world(either_kind(), {.retention = {.runs = 1h}});
  world->create({.id = "a", .name = "a", .config = call("fail"), .max_retries = 0, .overlap = Overlap::allow}).value();
  world->create({.id = "b", .name = "b", .config = call("park"), .dependencies = {"a"}}).value();
  const std::string workflow = world->execute_workflow("b").value().id;  // what waits in it keeps all of it
  world.settle();
  const std::string first = world.runs("a").front().id;
  const std::string second = world->retry_run(first).value().id;
  world.settle();
  const std::string third = run_to_end(world, "a");
  CHECK(dead(world) == Names{third, second});
  world.advance(2h);
  CHECK(world->get_run(second).error().code == Errc::not_found);
  CHECK(world->get_run(first).has_value());
  CHECK(dead(world) == Names{third});
  CHECK(world->get_workflow(workflow).has_value());
}

}  // namespace taskcore::engine_test
