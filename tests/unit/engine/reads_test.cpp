// Listings, statistics and retention.
#include <set>

#include "unit/engine/world.hpp"

namespace taskcore::engine_test {

TEST_CASE("pages of tasks and of runs give each once") {
  World world(either_kind());
  for (int i = 0; i < 7; ++i) {
    const std::string id = "t" + std::to_string(i);
    world
        ->create(
            {.id = id, .name = id, .config = call("note"), .priority = i % 2 == 0 ? Priority::high : Priority::low})
        .value();
    world->execute(id).value();
    world.settle();
  }
  std::set<std::string> tasks;
  TaskQuery query{.limit = 3};
  do {
    const auto page = world->list(query).value();
    for (const Task& task : page.items) CHECK(tasks.insert(task.id).second);
    query.cursor = page.next_cursor;
  } while (!query.cursor.empty());
  CHECK(tasks.size() == 7);

  std::vector<std::string> runs;
  RunQuery run_query{.oldest_first = true, .limit = 2};
  do {
    const auto page = world->runs(run_query).value();
    for (const Run& run : page.items) runs.push_back(run.task_id);
    run_query.cursor = page.next_cursor;
  } while (!run_query.cursor.empty());
  CHECK(runs == Names{"t0", "t1", "t2", "t3", "t4", "t5", "t6"});

  CHECK(world->list({.priority = {Priority::high}}).value().items.size() == 4);
  CHECK(world->list({.status = {Status::completed}, .text = "T3"}).value().items.size() == 1);
  CHECK(world->runs({.status = {Status::failed}}).value().items.empty());
  CHECK(world->list({.limit = 0}).error().code == Errc::invalid);
  CHECK(world->list({.cursor = "rubbish"}).error().code == Errc::invalid);
  CHECK(world->runs({.task_id = "nobody"}).error().code == Errc::not_found);
}

TEST_CASE("the tasks that depend on one are told by id, as far as the user sees them") {
  World world(either_kind());
  world->create({.id = "base", .name = "base"}, {.created_by = "ann"}).value();
  for (const char* id : {"c", "a", "b"}) {
    world->create({.id = id, .name = id, .dependencies = {"base"}}, {.created_by = id[0] == 'a' ? "ann" : "bob"})
        .value();
  }
  world->create({.id = "far", .name = "far", .dependencies = {"a"}, .assigned_to = {"cid"}}, {.created_by = "bob"})
      .value();
  CHECK(world->dependents("base").value() == Names{"c", "a", "b"});
  CHECK(world->dependents("base", {}, 2).value() == Names{"c", "a"});
  CHECK(world->dependents("base", "bob", 1).value() == Names{"c"});
  CHECK(world->dependents("base", "ann").value() == Names{"a"});
  CHECK(world->dependents("a", "cid").value() == Names{"far"});
  CHECK(world->dependents("far").value().empty());
  world->remove("a", {.force = true}).value();
  CHECK(world->dependents("base").value() == Names{"c", "b"});
  CHECK(world->dependents("a").error().code == Errc::not_found);
}

TEST_CASE("a caller sees what it made or is assigned to, in lists and in statistics") {
  World world(either_kind());
  world->create({.id = "hers", .name = "hers"}, {.created_by = "ann"}).value();
  world->create({.id = "given", .name = "given", .assigned_to = {"ann"}}, {.created_by = "bob"}).value();
  world->create({.id = "his", .name = "his"}, {.created_by = "bob"}).value();
  CHECK(world->list({.visible_to = "ann"}).value().items.size() == 2);
  CHECK(world->stats("ann").value().total == 2);
  CHECK(world->stats("").value().total == 3);
}

TEST_CASE("the statistics add up") {
  World world(either_kind(), {.max_concurrent = 8});
  world->create({.id = "run", .name = "run", .config = call("park"), .priority = Priority::high}).value();
  world->create({.id = "good", .name = "good", .config = call("note")}).value();
  world->create({.id = "bad", .name = "bad", .config = call("fail"), .max_retries = 0}).value();
  world->create({.id = "tick", .name = "tick", .config = call("note"), .schedule = "every 1 hour"}).value();
  world->create({.id = "still", .name = "still", .config = call("note"), .schedule = "every 1 hour", .paused = true})
      .value();
  world->create({.id = "gone", .name = "gone"}).value();
  world->remove("gone").value();
  for (const char* id : {"run", "run", "good", "bad"}) world->execute(id).value();
  world.settle();
  const Stats stats = world->stats().value();
  CHECK(stats.total == 5);
  CHECK(stats.by_status == std::array<std::int64_t, 5>{2, 1, 1, 1, 0});
  CHECK(stats.by_priority == std::array<std::int64_t, 3>{0, 4, 1});
  CHECK(stats.by_type.at("custom") == 5);
  CHECK(stats.running == 1);
  CHECK(stats.scheduled == 1);
  CHECK(stats.runs.last_24h == std::array<std::int64_t, 5>{1, 1, 1, 1, 0});
}

TEST_CASE("after their time old runs go, but never a task's newest settled one; spent once-tasks go with theirs") {
  World world(either_kind());
  world->create({.id = "job", .name = "job", .config = call("note"), .overlap = Overlap::allow}).value();
  world->create({.id = "once", .name = "once", .config = call("note"), .schedule = "now"}).value();
  world->create({.id = "needed", .name = "needed", .config = call("note"), .schedule = "now"}).value();
  world->create({.id = "down", .name = "down", .dependencies = {"needed"}}).value();
  for (int i = 0; i < 5; ++i) world->execute("job").value();
  world.settle();
  CHECK(world.runs("job").size() == 5);
  const std::string newest = world.last_run("job").id;
  world.clock().jump(29 * 24h);
  world.advance(3min);
  CHECK(world.runs("job").size() == 5);
  CHECK(world->get("once").has_value());
  world.clock().jump(48h);
  world.advance(5min);
  REQUIRE(world.runs("job").size() == 1);
  CHECK(world.last_run("job").id == newest);
  CHECK(world.task("job").status == Status::completed);
  CHECK(world->get("once").error().code == Errc::not_found);
  CHECK(world->get("needed").has_value());
  CHECK(world.task("needed").status == Status::completed);
}

TEST_CASE("a long backlog of old runs and spent once-tasks goes in batches that follow one another at once") {
  World world(either_kind(), {.retention = {.runs = 1h, .logs = 1h}});
  world->create({.id = "job", .name = "job", .config = call("note"), .overlap = Overlap::allow}).value();
  for (int i = 0; i < 3; ++i) world->submit(std::vector<ExecuteRequest>(1000, {"job", {}})).value();
  for (int i = 0; i < 120; ++i) world->create({.name = "once", .config = call("note"), .schedule = "now"}).value();
  world.settle();
  const auto stored = [&] { return world.runs("job").size(); };
  CHECK(stored() == 1000);  // a page of them
  world.clock().jump(2h);
  while (stored() == 1000) world.advance(100ms);
  world.advance(200ms);
  CHECK(stored() == 1);
  CHECK(world->stats().value().total == 1);
}

TEST_CASE("what is kept for seconds is looked after each second, from the first on") {
  World world(either_kind(), {.retention = {.runs = 3s, .logs = 3s}});
  world->create({.id = "job", .name = "job", .config = call("note"), .overlap = Overlap::allow}).value();
  for (int i = 0; i < 5; ++i) world->execute("job").value();
  world.advance(2900ms);
  CHECK(world.runs("job").size() == 5);
  world.advance(1300ms);
  CHECK(world.runs("job").size() == 1);
}

TEST_CASE("retention of zero keeps everything") {
  World world(either_kind(), {.retention = {.runs = 0ms, .logs = 0ms}});
  world->create({.id = "once", .name = "once", .config = call("note"), .schedule = "now"}).value();
  world.settle();
  world.clock().jump(1000 * 24h);
  world.advance(5min);
  CHECK(world.runs("once").size() == 1);
}

}  // namespace taskcore::engine_test
