// Failed runs that nobody repeated, and runs that are removed one by one.
#include "subject.hpp"

namespace taskcore::store_test {
namespace {

Ids dead_letters(Subject& store, RunQuery query = {}, TaskKey task = 0) {
  query.dead_letters = true;
  return ids(store->page_runs(task, query).value().items);
}

RunRow failed(TaskKey task) { return settled_row(task, at(1), RunState::failed); }

RunRow repeats(TaskKey task, RunKey first, RunState state = RunState::ready) {
  RunRow row = run_row(task, state);
  row.retry_of = first;
  return row;
}

bool remove(Store& store, RunKey id) {
  RunRow row = store.find_run(id).value().value();
  return store.remove_run(row).value();
}

TEST_CASE("a failed run is a dead letter until one is made that repeats it") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  const TaskKey other = store.add(task_row("b"));
  const RunKey first = store.add(failed(task));
  const RunKey second = store.add(failed(other));
  store.add(settled_row(task, at(1)));
  store.add(settled_row(task, at(1), RunState::cancelled));
  RunRow running = run_row(task, RunState::running);
  running.id = store.add(running);
  CHECK(dead_letters(store) == Ids{second, first});
  CHECK(dead_letters(store, {.oldest_first = true}) == Ids{first, second});
  CHECK(dead_letters(store, {}, task) == Ids{first});
  CHECK(dead_letters(store, {.status = {Status::completed}}).empty());
  running.state = RunState::failed;
  CHECK(store.write([&](Store& s) { return s.settle_run(running).value(); }));
  CHECK(dead_letters(store) == Ids{running.id, second, first});
  const auto page = store->page_runs(0, {.dead_letters = true, .limit = 2}).value();
  CHECK(ids(page.items) == Ids{running.id, second});
  CHECK(dead_letters(store, {.cursor = page.next_cursor}) == Ids{first});

  CHECK_FALSE(store->is_repeated(first).value());
  store.add(repeats(task, first));
  CHECK(store->is_repeated(first).value());
  CHECK_FALSE(store->is_repeated(second).value());
  CHECK_FALSE(store->is_repeated(99).value());
  CHECK(dead_letters(store) == Ids{running.id, second});
  store.reopen();
  CHECK(dead_letters(store) == Ids{running.id, second});
}

TEST_CASE("dead letters are those of tasks that the caller sees and that are not deleted") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  TaskRow hers = task_row("hers");
  hers.key = store.add(hers);
  TaskRow his = task_row("his");
  his.created_by = "bob";
  his.assigned_to = {"carl"};
  his.key = store.add(his);
  const RunKey first = store.add(failed(hers.key));
  const RunKey second = store.add(failed(his.key));
  CHECK(dead_letters(store, {.visible_to = "ann"}) == Ids{first});
  CHECK(dead_letters(store, {.visible_to = "carl"}) == Ids{second});
  CHECK(dead_letters(store, {.visible_to = "ann"}, his.key).empty());
  his.deleted = true;
  store.write([&](Store& s) { s.update_task(his).value(); });
  CHECK(dead_letters(store) == Ids{first});
}

TEST_CASE("a run that was repeated stays so when the one that repeats it goes") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  const RunKey first = store.add(failed(task));
  RunRow again = repeats(task, first, RunState::failed);
  again.finished_at = at(0);
  const RunKey second = store.add(again);
  CHECK(dead_letters(store) == Ids{second});
  const bool pruned = GENERATE(false, true);
  store.write(
      [&](Store& s) { pruned ? void(s.prune_runs({.settled_before = at(1)}).value()) : void(remove(s, second)); });
  CHECK_FALSE(store->find_run(second).value());
  CHECK(store->is_repeated(first).value());
  CHECK(dead_letters(store).empty());
}

TEST_CASE("a rollback takes back that a run was repeated, and that one was removed") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  const RunKey first = store.add(failed(task));
  const RunKey second = store.add(failed(task));
  store.add(repeats(task, second));
  store->begin().value();
  RunRow again = repeats(task, first);
  CHECK(store->insert_run(again).value());
  CHECK(dead_letters(store).empty());
  CHECK(remove(*store, first));
  CHECK(remove(*store, second));
  CHECK_FALSE(store->is_repeated(second).value());
  store->rollback();
  CHECK(dead_letters(store) == Ids{first});
  CHECK(store->is_repeated(second).value());
  CHECK_FALSE(store->find_run(again.id).value());
}

TEST_CASE("a settled run is removed with its logs; one that is live, or not there, is not") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  const RunKey live = store.add(run_row(task));
  RunRow done = settled_row(task, at(1));
  done.id = store.add(done);
  const std::vector<LogRow> lines{{.task = task, .run = live, .at = at(1)},
                                  {.task = task, .run = done.id, .at = at(1)}};
  store.write([&](Store& s) {
    s.append_logs(lines).value();
    CHECK(s.remove_run(done).value());
    CHECK_FALSE(s.remove_run(done).value());
    CHECK_FALSE(remove(s, live));
  });
  CHECK_FALSE(store->find_run(done.id).value());
  CHECK(store->logs({.task = task, .run = done.id}).value().empty());
  CHECK(store->logs({.task = task, .run = live}).value().size() == 1);
  CHECK(ids(store->page_runs(task, {}).value().items) == Ids{live});
  store.reopen();
  CHECK(store.add(run_row(task)) > done.id);
}

}  // namespace
}  // namespace taskcore::store_test
