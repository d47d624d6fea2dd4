// Calls on many runs: cancel, retry, redrive; by filter and by ids, in earnest and as a dry run.
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

RunSelection those(RunQuery filter) {
  RunSelection out;
  out.filter = std::move(filter);
  return out;
}

RunSelection these(Names ids) {
  RunSelection out;
  out.ids = std::move(ids);
  return out;
}

RunSelection dry(RunSelection which) {
  which.dry_run = true;
  return which;
}

void make(World& world, const std::string& id, const std::string& function, Overlap overlap = Overlap::allow) {
  world->create({.id = id, .name = id, .config = call(function), .max_retries = 0, .overlap = overlap}).value();
}

Names submit(World& world, const std::string& id, std::size_t count) {
  auto ids = world->submit(std::vector<ExecuteRequest>(count, {.task_id = id})).value();
  world.settle();
  return ids;
}

std::size_t count(World& world, const std::string& id, Status status) {
  return world->runs({.task_id = id, .status = {status}, .limit = 1000}).value().items.size();
}

TaskGuard only(std::string id) {
  return [id = std::move(id)](const Task& task) -> Result<void> {
    if (task.id == id) return {};
    return fail(Errc::not_found, "not yours");
  };
}

}  // namespace

TEST_CASE("live runs are cancelled by filter, waiting ones too, and what is settled is left alone") {
  World world(either_kind(), {.max_concurrent = 2});
  make(world, "a", "park");
  make(world, "b", "park");
  make(world, "done", "note");
  submit(world, "done", 1);
  const Names of_a = submit(world, "a", 5);
  submit(world, "b", 1);
  const auto would = world->cancel_runs(dry(those({.task_id = "a"}))).value();
  CHECK(would.matched == 5);
  CHECK(would.ids == of_a);
  CHECK(count(world, "a", Status::running) == 2);
  CHECK(count(world, "a", Status::pending) == 3);
  CHECK_FALSE(world.run(of_a[0]).cancel_requested);

  const auto did = world->cancel_runs(those({.task_id = "a"})).value();
  CHECK(did.matched == 5);
  CHECK(did.ids == of_a);
  CHECK(did.made.empty());
  CHECK(did.next_cursor.empty());
  CHECK(count(world, "a", Status::cancelled) == 3);
  CHECK(world.run(of_a[0]).cancel_requested);
  CHECK(world->cancel_runs(those({.task_id = "a"})).value().matched == 0);  // it was asked already
  world.finish("a");
  world.finish("a");
  CHECK(count(world, "a", Status::cancelled) == 5);
  CHECK(count(world, "b", Status::running) == 1);
  CHECK(count(world, "done", Status::completed) == 1);
}

TEST_CASE("a filter's status narrows what a call is for") {
  World world(either_kind(), {.max_concurrent = 1});
  make(world, "a", "park");
  const Names ids = submit(world, "a", 3);
  CHECK(world->cancel_runs(those({.status = {Status::completed}})).value().matched == 0);
  CHECK(world->cancel_runs(those({.status = {Status::pending, Status::failed}})).value().ids ==
        Names(ids.begin() + 1, ids.end()));
  CHECK(world.run(ids[0]).status == Status::running);
}

TEST_CASE("runs that wait behind each other are all cancelled, and one that was not meant goes on") {
  World world(either_kind());
  make(world, "a", "park", Overlap::queue);
  const Names ids = submit(world, "a", 4);
  CHECK(world->cancel_runs(these({ids[2], ids[1]})).value().ids == Names{ids[1], ids[2]});
  CHECK(world.run(ids[1]).status == Status::cancelled);
  CHECK(world.run(ids[2]).status == Status::cancelled);
  world.finish("a");
  CHECK(world.run(ids[3]).status == Status::running);
  CHECK(world.task("a").status == Status::running);
}

TEST_CASE("a run that waits for its dependencies is cancelled with those behind it") {
  World world(either_kind());
  make(world, "up", "note");
  world->create({.id = "a", .name = "a", .config = call("note"), .dependencies = {"up"}, .overlap = Overlap::queue})
      .value();
  const Names ids = submit(world, "a", 3);
  CHECK(world->cancel_runs(those({.task_id = "a"})).value().ids == ids);
  CHECK(count(world, "a", Status::cancelled) == 3);
}

TEST_CASE("settled runs are repeated with their params, however they ended") {
  World world(either_kind());
  make(world, "a", "note");
  make(world, "bad", "fail");
  const std::string good = world->execute("a", {{"n", 1}}).value().id;
  world.settle();
  const Names bad = submit(world, "bad", 2);
  make(world, "live", "park");
  const Names live = submit(world, "live", 1);
  const RunSelection all = these({bad[1], good, live[0], bad[0], "run_99", "rubbish"});
  const auto would = world->retry_runs(dry(all)).value();
  CHECK(would.ids == Names{good, bad[0], bad[1]});
  CHECK(would.made.empty());
  CHECK(world.runs("a").size() == 1);

  const auto did = world->retry_runs(all).value();
  CHECK(did.matched == 3);
  CHECK(did.ids == would.ids);
  REQUIRE(did.made.size() == 3);
  CHECK(world.run(did.made[0]).retry_of == good);
  CHECK(world.run(did.made[0]).params == boost::json::value{{"n", 1}});
  CHECK(world.run(did.made[0]).trigger == Trigger::retry_now);
  CHECK(world.run(did.made[2]).retry_of == bad[1]);
  world.settle();
  CHECK(world->retry_runs(those({.task_id = "a", .trigger = {Trigger::manual}})).value().ids == Names{good});
}

TEST_CASE("redrive repeats dead letters once") {
  World world(either_kind());
  make(world, "bad", "fail");
  make(world, "good", "note");
  const Names dead = submit(world, "bad", 3);
  const Names good = submit(world, "good", 1);
  world->retry_run(dead[1]).value();
  world.settle();
  const std::string again = world.last_run("bad").id;
  CHECK(world->redrive(dry(those({}))).value().ids == Names{dead[0], dead[2], again});
  const auto did = world->redrive(these({dead[0], dead[1], good[0]})).value();
  CHECK(did.matched == 1);
  CHECK(did.ids == Names{dead[0]});
  world.settle();
  CHECK(world->redrive(these({dead[0]})).value().matched == 0);
  CHECK(world->redrive(those({.task_id = "bad"})).value().matched == 3);
  world.settle();
  CHECK(world->dead_letters().value().items.size() == 3);  // those that were made failed likewise
}

TEST_CASE("a call that a task has no room for makes no run at all") {
  World world(either_kind());
  make(world, "bad", "fail");
  make(world, "a", "park", Overlap::queue);
  const Names dead = submit(world, "bad", 1);
  const std::string first = world->execute("a").value().id;
  world->cancel_run(first).value();
  world.finish("a");
  for (int i = 0; i < 10; ++i) world->submit(std::vector<ExecuteRequest>(1000, {.task_id = "a"})).value();
  const RunSelection both = these({dead[0], first});
  CHECK(world->retry_runs(dry(both)).error().code == Errc::overloaded);
  CHECK(world->retry_runs(both).error().code == Errc::overloaded);
  CHECK(world.runs("bad").size() == 1);
}

TEST_CASE("one call takes a thousand runs, and its cursor leads on") {
  World world(either_kind());
  make(world, "a", "note");
  for (int i = 0; i < 3; ++i) submit(world, "a", 400);
  RunQuery filter{.task_id = "a", .status = {Status::completed}};
  const auto first = world->retry_runs(dry(those(filter))).value();
  CHECK(first.matched == 1000);
  REQUIRE_FALSE(first.next_cursor.empty());
  filter.cursor = first.next_cursor;
  const auto rest = world->retry_runs(those(filter)).value();
  CHECK(rest.matched == 200);
  CHECK(rest.made.size() == 200);
  CHECK(rest.next_cursor.empty());
  CHECK(rest.ids.back() < first.ids.front());
}

TEST_CASE("runs of tasks that the guard refuses are not matched") {
  World world(either_kind());
  make(world, "a", "fail");
  make(world, "b", "fail");
  const Names of_a = submit(world, "a", 2);
  const Names of_b = submit(world, "b", 2);
  CHECK(world->redrive(dry(those({})), only("b")).value().ids == of_b);
  CHECK(world->retry_runs(dry(these({of_a[0], of_b[0]})), only("a")).value().ids == Names{of_a[0]});
  CHECK(world->redrive(those({.visible_to = "ann"})).value().matched == 0);
  world->remove("b").value();
  CHECK(world->redrive(dry(these(of_b))).value().matched == 0);
}

TEST_CASE("a selection that is not one is refused by name") {
  World world(either_kind());
  const auto pointer = [](const Result<BulkRuns>& answer) {
    REQUIRE(answer.has_error());
    CHECK(answer.error().code == Errc::invalid);
    return answer.error().fields.at(0).pointer;
  };
  CHECK(pointer(world->cancel_runs({})) == "/filter");
  RunSelection both = those({});
  both.ids = Names{"run_1"};
  CHECK(pointer(world->cancel_runs(both)) == "/ids");
  CHECK(pointer(world->cancel_runs(these({}))) == "/ids");
  CHECK(pointer(world->cancel_runs(these(Names(1001, "run_1")))) == "/ids");
  CHECK(pointer(world->cancel_runs(these({"run_1", "run_2", "run_1"}))) == "/ids/2");
  CHECK(pointer(world->cancel_runs(those({.cursor = "rubbish"}))) == "/filter/cursor");
  CHECK(world->cancel_runs(those({.task_id = "nobody"})).error().code == Errc::not_found);
}

}  // namespace taskcore::engine_test
