// What commit keeps, what rollback restores, what readers see, and who owns a database.
#include <future>

#include "subject.hpp"

namespace taskcore::store_test {
namespace {

/// Everything that the store can tell about two tasks, as text.
std::string everything(Store& store) {
  std::string all;
  for (const TaskRow& row : store.page_tasks({.limit = 100}).value().items) all += text(row) + "\n";
  for (const RunRow& row : store.page_runs(0, {.limit = 100}).value().items) all += text(row) + "\n";
  for (const TaskKey task : {1, 2, 3}) {
    for (const RunKey run : {0, 1, 2}) {
      for (const LogRow& row : store.logs({.task = task, .run = run}).value()) all += text(row) + "\n";
    }
    for (const RunRow& row : store.live_runs(task, 9).value()) all += " live " + std::to_string(row.id);
    for (const TaskKey key : store.dependents(task).value()) all += " edge " + std::to_string(key);
    const auto due = store.earliest_live_due(task).value();
    all += due ? " due " + std::to_string(due->time_since_epoch().count()) : " -";
  }
  for (const TaskRow& row : store.due_tasks(at(1000), 9).value()) all += " due " + row.id;
  for (const std::string& queue : store.ready_queues().value()) all += " queue " + queue;
  for (const RunRow& row : store.running_runs(0, 9).value()) all += " running " + std::to_string(row.id);
  for (const NodeRow& row : store.nodes().value()) all += " node " + row.node;
  for (const TaskKey key : store.spent_once_tasks(at(1000), 9).value()) all += " spent " + std::to_string(key);
  return all;
}

void fill(Store& store) {
  TaskRow up = task_row("up");
  up.state.next_due = at(5);
  store.insert_task(up).value();
  TaskRow down = task_row("down");
  down.upstreams = {up.key};
  down.assigned_to = {"carl"};
  store.insert_task(down).value();
  RunRow ready = run_row(up.key);
  ready.scheduled_for = at(1);
  store.insert_run(ready).value();
  RunRow running = run_row(down.key, RunState::running);
  store.insert_run(running).value();
  RunRow old = settled_row(up.key, at(-1000));
  store.insert_run(old).value();
  const std::vector<LogRow> lines{{0, up.key, 0, 0, at(1), LogLevel::info, LogStream::system, "a", ""},
                                  {0, up.key, ready.id, 0, at(-9), LogLevel::info, LogStream::system, "b", ""}};
  store.append_logs(lines).value();
  store.put_node({"n", at(1)}).value();
}

void change_all(Store& store) {
  TaskRow up = store.find_task("up").value().value();
  up.deleted = true;
  up.assigned_to = {"bob"};
  store.update_task(up).value();
  TaskRow down = store.find_task("down").value().value();
  down.upstreams.clear();
  store.update_task(down).value();
  store.update_task_state(down.key, {at(3), 1, 1, 9, 9, Status::failed, 9}).value();
  RunRow claim = store.find_run(1).value().value();
  claim.state = RunState::running;
  claim.fence = 1;
  CHECK(store.start_run(claim).value());
  RunRow end = store.find_run(2).value().value();
  end.state = RunState::completed;
  CHECK(store.settle_run(end).value());
  CHECK(store.prune_runs({.settled_before = at(0)}).value().removed == 1);
  CHECK(store.prune_logs(at(0), 9).value() == 1);
  claim.state = RunState::failed;
  CHECK(store.change_run(claim, RunState::running).value());
  CHECK(store.prune_deleted_tasks(9).value() == 3);
  store.remove_node("n").value();
  TaskRow next = task_row("up");
  next.once = true;
  store.insert_task(next).value();
  RunRow run = run_row(next.key);
  CHECK(store.insert_run(run).value());
}

TEST_CASE("a rollback restores every row and every index") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  store.write(fill);
  const std::string before = everything(*store);
  store->begin().value();
  change_all(*store);
  CHECK(everything(*store) != before);
  store->rollback();
  CHECK(everything(*store) == before);
  store->rollback();  // Does nothing.
  store.reopen();
  CHECK(everything(*store) == before);
  store.write(change_all);
  CHECK_FALSE(store->find_task(TaskKey{1}).value());
}

TEST_CASE("after a refused insert the transaction goes on") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  store.write([](Store& s) {
    fill(s);
    RunRow again = run_row(1);
    again.scheduled_for = at(1);
    CHECK_FALSE(s.insert_run(again).value());
    RunRow other = run_row(1);
    CHECK(s.insert_run(other).value());
  });
  CHECK(store->page_runs(0, {}).value().items.size() == 4);
}

TEST_CASE("the instant of a run that was rolled back is free") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  RunRow row = run_row(task);
  row.scheduled_for = at(1);
  store->begin().value();
  CHECK(store->insert_run(row).value());
  store->rollback();
  CHECK(store.add(row) > 0);
  CHECK(store->live_runs(task, 9).value().size() == 1);
}

TEST_CASE("readers see what is committed and nothing else") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  store.write(fill);
  const auto reader = store->make_reader().value();
  CHECK(reader->find_task("down").value()->upstreams == std::vector<TaskKey>{1});
  CHECK(reader->find_run(2).value()->state == RunState::running);
  CHECK(reader->stats("", at(0)).value().total == 2);
  CHECK(reader->page_tasks({.visible_to = "carl"}).value().items.size() == 1);
  store->begin().value();
  TaskRow row = task_row("open");
  store->insert_task(row).value();
  CHECK(store->find_task("open").value());
  // On another thread, since a store may let readers wait for the end of a transaction.
  auto seen = std::async(std::launch::async, [&reader] { return reader->find_task("open").value().has_value(); });
  store->rollback();
  CHECK_FALSE(seen.get());
  store.add(task_row("open"));
  CHECK(reader->find_task("open").value());
}

TEST_CASE("one store owns a database until it is closed") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  CHECK(store->exclusive());
  const auto second = store.make();
  const auto refused = second->open();
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == Errc::locked);
  store->close();
  store->close();  // Does nothing.
  second->open().value();
  CHECK(store->open().error().code == Errc::locked);
  second->close();
  store->open().value();
}

TEST_CASE("a closed store says so") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  store->close();
  CHECK(store->begin().error().code == Errc::unavailable);
  store->rollback();
}

TEST_CASE("shared in-memory stores see each other's rows, and keep others out") {
  const auto database = make_memory_database();
  const auto first = memory(database, true);
  const auto second = memory(database, true);
  first->open().value();
  second->open().value();
  CHECK_FALSE(first->exclusive());
  CHECK(memory(database)->open().error().code == Errc::locked);
  first->begin().value();
  fill(*first);
  first->commit().value();
  CHECK(second->find_task("up").value());
  first->close();
  CHECK(memory(database)->open().error().code == Errc::locked);
  second->close();
  CHECK(memory(database)->open().has_value());
}

TEST_CASE("a task may be written after its runs, under a key that was given for it") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  store->begin().value();
  TaskRow undone = task_row("a");
  undone.key = store->new_task_key().value();
  RunRow run = run_row(undone.key);
  run.scheduled_for = at(7);
  REQUIRE(store->insert_run(run).value());
  store->insert_task(undone).value();
  store->rollback();
  CHECK_FALSE(store->find_task("a").value());

  store->begin().value();
  TaskRow task = task_row("a");
  task.key = store->new_task_key().value();
  CHECK(task.key == undone.key);
  REQUIRE(store->insert_run(run).value());
  RunRow twin = run;
  CHECK_FALSE(store->insert_run(twin).value());
  store->insert_task(task).value();
  store->commit().value();
  CHECK(text(store.task(task.key)) == text(task));
  CHECK(ids(store->page_runs(task.key, {}).value().items) == Ids{run.id});
  CHECK(ids(store->live_runs(task.key, 9).value()) == Ids{run.id});
}

TEST_CASE("what was written before is seen by every question, however much waits to be written") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const int many = GENERATE(1, 15, 16, 17, 40);
  store->begin().value();
  Ids runs;
  for (int i = 0; i < many; ++i) {
    TaskRow task = task_row("t" + std::to_string(i));
    task.state.next_due = at(1);
    store->insert_task(task).value();
    RunRow run = run_row(task.key);
    store->insert_run(run).value();
    runs.push_back(run.id);
  }
  CHECK(store->due_tasks(at(1), 100).value().size() == static_cast<std::size_t>(many));
  CHECK(ids(store->ready_runs("default", Priority::low, "", 100).value()).empty());
  CHECK(ids(store->ready_runs("default", Priority::normal, "", 100).value()) == runs);
  store->commit().value();
  CHECK(store->page_runs(0, {.limit = 100}).value().items.size() == static_cast<std::size_t>(many));
}

}  // namespace
}  // namespace taskcore::store_test
