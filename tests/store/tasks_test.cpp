// Tasks: rows, edges, tombstones, and what is due.
#include "subject.hpp"

namespace taskcore::store_test {
namespace {

TaskRow full_task() {
  TaskRow row = task_row("full");
  row.version = 3;
  row.description = "says \"what\"\n";
  row.type = "script";
  row.priority = Priority::high;
  row.tags = {"b", "a", "\xc3\xa4 \"quoted\" \\"};
  row.assigned_to = {"bob", "al\"ice"};
  row.upstreams = {7, 5};
  row.updated_at = at(5);
  row.anchor = at(6);
  row.once = true;
  row.state = {at(100), 4, 1, 9, 8, Status::failed, 7, 6};
  return row;
}

TEST_CASE("a task comes back as it was put in") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  TaskRow row = full_task();
  row.key = store.add(row);
  CHECK(row.key == 1);
  CHECK(text(store.task(row.key)) == text(row));
  CHECK(text(store->find_task("full").value().value()) == text(row));
  CHECK_FALSE(store->find_task("other").value());
  CHECK_FALSE(store->find_task(TaskKey{2}).value());
  store.reopen();
  CHECK(text(store.task(row.key)) == text(row));
}

TEST_CASE("an update writes all but the task's origin") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey key = store.add(task_row("a"));
  TaskRow row = full_task();
  row.key = key;
  store.write([&](Store& s) { s.update_task(row).value(); });
  row.id = "a";
  CHECK(text(store.task(key)) == text(row));
  row.tags.clear();
  row.assigned_to = {"carl"};
  row.upstreams.clear();
  row.state.next_due.reset();
  store.write([&](Store& s) { s.update_task(row).value(); });
  CHECK(text(store.task(key)) == text(row));
  TaskQuery of_bob;
  of_bob.visible_to = "bob";
  CHECK(store->page_tasks(of_bob).value().items.empty());
  of_bob.visible_to = "carl";
  CHECK(ids(store->page_tasks(of_bob).value().items) == Ids{key});
}

TEST_CASE("the moving part of a task is written alone") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey key = store.add(full_task());
  TaskRow row = store.task(key);
  for (const std::optional<TimePoint> due : {row.state.next_due, std::optional(at(300)), std::optional<TimePoint>{}}) {
    row.state = {due, row.state.live + 1, 2, 20, 19, Status::cancelled, 18, 17};
    row.state.consumed = due ? std::vector<RunKey>{row.state.live, 4} : std::vector<RunKey>{};
    store.write([&](Store& s) { s.update_task_state(key, row.state).value(); });
    CHECK(text(store.task(key)) == text(row));
    CHECK(store->first_due().value() == due);
  }
}

TEST_CASE("a tombstone is found by key only, and its id is free") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  TaskRow row = task_row("a");
  row.state.next_due = at(1);
  row.key = store.add(row);
  row.deleted = true;
  store.write([&](Store& s) { s.update_task(row).value(); });
  CHECK_FALSE(store->find_task("a").value());
  CHECK(store.task(row.key).deleted);
  CHECK(store->due_tasks(at(10), 10).value().empty());
  const TaskKey second = store.add(task_row("a"));
  CHECK(store->find_task("a").value()->key == second);
  CHECK(ids(store->page_tasks({}).value().items) == Ids{second});
}

TEST_CASE("dependents are the living tasks downstream, by key") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey up = store.add(task_row("up"));
  std::vector<TaskRow> down{task_row("c"), task_row("a"), task_row("b")};
  for (TaskRow& row : down) {
    row.upstreams = {up};
    row.key = store.add(row);
  }
  CHECK(store->dependents(up).value() == Ids{down[0].key, down[1].key, down[2].key});
  down[0].upstreams.clear();
  down[1].deleted = true;
  store.write([&](Store& s) {
    s.update_task(down[0]).value();
    s.update_task(down[1]).value();
  });
  CHECK(store->dependents(up).value() == Ids{down[2].key});
  CHECK(store->dependents(down[2].key).value().empty());
}

TEST_CASE("due tasks are those unpaused with an instant that has come, in order") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const auto add = [&](const char* id, std::optional<TimePoint> due, bool paused = false) {
    TaskRow row = task_row(id);
    row.state.next_due = due;
    row.paused = paused;
    return store.add(row);
  };
  CHECK_FALSE(store->first_due().value());
  const TaskKey late = add("late", at(30));
  const TaskKey second = add("second", at(20));
  const TaskKey third = add("third", at(20));
  add("paused", at(1), true);
  add("manual", std::nullopt);
  const TaskKey first = add("first", at(10));
  CHECK(ids(store->due_tasks(at(20), 10).value()) == Ids{first, second, third});
  CHECK(ids(store->due_tasks(at(99), 2).value()) == Ids{first, second});
  CHECK(ids(store->due_tasks(at(30), 10).value()).back() == late);
  CHECK(store->due_tasks(at(9), 10).value().empty());
  CHECK(store->first_due().value() == at(10));
}

}  // namespace
}  // namespace taskcore::store_test
