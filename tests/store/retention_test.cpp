// What pruning takes and what it leaves.
#include <algorithm>

#include "subject.hpp"

namespace taskcore::store_test {
namespace {

Ids all_runs(Subject& store, TaskKey task) {
  return ids(store->page_runs(task, {.oldest_first = true, .limit = 1000}).value().items);
}

Store::Pruned prune(Subject& store, const Store::RunPruning& what) {
  return store.write([&](Store& s) { return s.prune_runs(what).value(); });
}

TEST_CASE("old settled runs go, with their logs; live and young ones stay") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  const RunKey old = store.add(settled_row(task, at(9)));
  const RunKey young = store.add(settled_row(task, at(10)));
  const RunKey live = store.add(run_row(task));
  const std::vector<LogRow> lines{{.task = task, .run = old, .at = at(1)}, {.task = task, .run = young, .at = at(1)}};
  store.write([&](Store& s) { s.append_logs(lines).value(); });
  const auto pruned = prune(store, {.settled_before = at(10)});
  CHECK(pruned.removed == 1);
  CHECK(pruned.next == 0);
  CHECK(all_runs(store, task) == Ids{young, live});
  CHECK(store->logs({.task = task, .run = old}).value().empty());
  CHECK(store->logs({.task = task, .run = young}).value().size() == 1);
}

TEST_CASE("the newest runs of each task, its last settled and its last completed run stay") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey a = store.add(task_row("a"));
  const TaskKey b = store.add(task_row("b"));
  Ids of_a;
  Ids of_b;
  for (int i = 0; i < 6; ++i) {
    of_a.push_back(store.add(settled_row(a, at(i))));
    if (i % 2 == 0) of_b.push_back(store.add(settled_row(b, at(i))));
  }
  const std::size_t keep = GENERATE(0U, 2U, 4U);
  store.write([&](Store& s) { s.update_task_state(a, {.last_settled = of_a[1], .last_completed = of_a[0]}).value(); });
  prune(store, {.settled_before = at(100), .keep_newest = keep});
  Ids expected{of_a[0], of_a[1]};
  expected.insert(expected.end(), of_a.end() - static_cast<std::ptrdiff_t>(keep), of_a.end());
  CHECK(all_runs(store, a) == expected);
  const std::size_t left = std::min<std::size_t>(keep, 3);
  CHECK(all_runs(store, b) == Ids(of_b.end() - static_cast<std::ptrdiff_t>(left), of_b.end()));
}

TEST_CASE("items stay as long as their run is live, and do not take the place of runs that are kept") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  store.add(settled_row(task, at(1)));
  RunRow group = run_row(task, RunState::waiting);
  group.items = 2;
  group.id = store.add(group);
  RunRow item = settled_row(task, at(2));
  item.item_of = group.id;
  const Ids items{store.add(item), store.add(item)};
  const auto items_left = [&] { return ids(store->items_of(group.id, 0, 9).value()); };
  prune(store, {.settled_before = at(100)});
  CHECK(items_left() == items);
  CHECK(all_runs(store, task) == Ids{group.id});
  const RunKey later = store.add(settled_row(task, at(3)));
  group.state = RunState::completed;
  group.finished_at = at(2);
  CHECK(store.write([&](Store& s) { return s.change_run(group, RunState::waiting).value(); }));
  prune(store, {.settled_before = at(100), .keep_newest = 2});
  CHECK(all_runs(store, task) == Ids{group.id, later});
  CHECK(items_left() == items);  // they are newer than the oldest that is kept
  prune(store, {.settled_before = at(100), .keep_newest = 1});
  CHECK(all_runs(store, task) == Ids{later});
  CHECK(items_left().empty());
}

TEST_CASE("runs are looked at in batches, each from where the last one ended") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  for (int i = 0; i < 5; ++i) store.add(i == 1 ? run_row(task) : settled_row(task, at(0)));
  Store::RunPruning what{.settled_before = at(1), .scan = 2};
  auto pruned = prune(store, what);
  CHECK((pruned.removed == 1 && pruned.next == 2));
  what.after = pruned.next;
  pruned = prune(store, what);
  CHECK((pruned.removed == 2 && pruned.next == 4));
  what.after = pruned.next;
  pruned = prune(store, what);
  CHECK((pruned.removed == 1 && pruned.next == 0));
  CHECK(all_runs(store, task) == Ids{2});
}

TEST_CASE("a sweep ends where runs are too young to have ended in time, but a clock that was ahead does not end it") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  const auto add = [&](std::int64_t created, std::int64_t finished) {
    RunRow row = settled_row(task, at(finished));
    row.created_at = at(created);
    return store.add(row);
  };
  for (const std::int64_t created : {1, 2, 50, 51, 9}) add(created, created + 3);
  Store::RunPruning what{.settled_before = at(10), .scan = 2, .now = at(60)};
  CHECK(prune(store, what).next == 2);
  what.after = 2;
  const bool was_ahead = GENERATE(false, true);
  if (was_ahead) what.now = at(40);
  CHECK(prune(store, what).next == (was_ahead ? 4 : 0));
}

TEST_CASE("keys are never given again, even when the newest rows are pruned and the store is reopened") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const bool reopen = GENERATE(false, true);
  TaskRow task = task_row("a");
  task.key = store.add(task);
  task.deleted = true;
  const RunKey run = store.add(settled_row(task.key, at(0)));
  const std::vector<LogRow> lines{{.task = 9, .run = 9, .at = at(0)}};
  store.write([&](Store& s) {
    s.append_logs(lines).value();
    s.update_task(task).value();
    CHECK(s.prune_logs(at(1), 9).value() == 1);
    CHECK(s.prune_deleted_tasks(9).value() == 2);
  });
  CHECK_FALSE(store->find_task(task.key).value());
  CHECK_FALSE(store->find_run(run).value());
  if (reopen) store.reopen();
  CHECK(store.add(task_row("a")) > task.key);
  CHECK(store.add(run_row(2)) > run);
  store.write([&](Store& s) { s.append_logs(lines).value(); });
  CHECK(ids(store->logs({.task = 9, .run = 9}).value()) == Ids{2});
}

TEST_CASE("log lines go by age, the oldest first") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const std::vector<LogRow> lines{{.task = 1, .run = 1, .at = at(5)},
                                  {.task = 1, .run = 1, .at = at(1)},
                                  {.task = 1, .run = 1, .at = at(3)},
                                  {.task = 1, .run = 1, .at = at(2)}};
  store.write([&](Store& s) { s.append_logs(lines).value(); });
  const auto prune_logs = [&](std::size_t limit) {
    return store.write([&](Store& s) { return s.prune_logs(at(5), limit).value(); });
  };
  CHECK(prune_logs(2) == 2);
  CHECK(ids(store->logs({.task = 1, .run = 1}).value()) == Ids{1, 3});
  CHECK(prune_logs(2) == 1);
  CHECK(prune_logs(2) == 0);
}

TEST_CASE("tombstones go once nothing of theirs is live, in bounded batches") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  TaskRow gone = task_row("gone");
  gone.upstreams = {3};
  gone.key = store.add(gone);
  TaskRow busy = task_row("busy");
  busy.key = store.add(busy);
  const TaskKey other = store.add(task_row("other"));
  for (int i = 0; i < 3; ++i) store.add(settled_row(gone.key, at(0)));
  store.add(run_row(busy.key));
  store.add(settled_row(other, at(0)));
  const std::vector<LogRow> lines{{.task = gone.key, .at = at(0)}, {.task = gone.key, .run = 2, .at = at(0)}};
  gone.deleted = busy.deleted = true;
  store.write([&](Store& s) {
    s.append_logs(lines).value();
    s.update_task(gone).value();
    s.update_task(busy).value();
  });
  std::vector<std::size_t> batches;
  do {
    batches.push_back(store.write([](Store& s) { return s.prune_deleted_tasks(2).value(); }));
  } while (batches.back() > 0 && batches.size() < 9);
  CHECK(batches == std::vector<std::size_t>{2, 2, 2, 0});  // 3 runs, 2 lines, the task.
  CHECK_FALSE(store->find_task(gone.key).value());
  CHECK(store->logs({.task = gone.key, .run = 2}).value().empty());
  CHECK(store->find_task(busy.key).value());
  CHECK(all_runs(store, other).size() == 1);
}

TEST_CASE("a once-task is spent when its run ended long ago and nothing needs it") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const auto add = [&](const char* id, std::optional<TimePoint> due, std::int64_t live, RunKey last) {
    TaskRow row = task_row(id);
    row.once = true;
    row.state.next_due = due;
    row.state.live = live;
    row.state.last_run = last;
    return store.add(row);
  };
  const TaskKey spent = add("spent", std::nullopt, 0, 1);
  const TaskKey needed = add("needed", std::nullopt, 0, 1);
  add("due", at(5), 0, 1);
  add("live", std::nullopt, 1, 1);
  add("young", std::nullopt, 0, 2);
  add("never", std::nullopt, 0, 0);
  TaskRow recurring = task_row("recurring");
  recurring.state.last_run = 1;
  recurring.upstreams = {needed};
  recurring.key = store.add(recurring);
  const TaskKey also = add("also", std::nullopt, 0, 1);
  store.add(settled_row(spent, at(9)));
  store.add(settled_row(spent, at(10)));
  CHECK(store->spent_once_tasks(at(10), 9).value() == Ids{spent, also});
  CHECK(store->spent_once_tasks(at(10), 1).value() == Ids{spent});
  CHECK(store->spent_once_tasks(at(9), 9).value().empty());
  recurring.deleted = true;
  store.write([&](Store& s) {
    s.update_task(recurring).value();
    s.update_task_state(also, {.next_due = at(50), .last_run = 1}).value();
  });
  CHECK(store->spent_once_tasks(at(10), 9).value() == Ids{spent, needed});
}

}  // namespace
}  // namespace taskcore::store_test
