// Pages of tasks and runs: order, filters, cursors.
#include <algorithm>

#include "subject.hpp"

namespace taskcore::store_test {
namespace {

std::vector<std::string> names(Store& store, const TaskQuery& query) {
  std::vector<std::string> found;
  for (const TaskRow& row : store.page_tasks(query).value().items) found.push_back(row.id);
  std::sort(found.begin(), found.end());
  return found;
}

using Names = std::vector<std::string>;

void add_tasks(Subject& store) {
  TaskRow a = task_row("a");
  a.type = "script";
  a.priority = Priority::low;
  a.tags = {"red", "blue"};
  a.description = "Nightly 100%_BackUp";
  TaskRow b = task_row("b");
  b.created_by = "bob";
  b.assigned_to = {"ann", "carl"};
  b.tags = {"blue"};
  b.state = {std::nullopt, 2, 1, 1, 0, Status::pending, 0};
  TaskRow c = task_row("c");
  c.created_by = "";
  c.priority = Priority::high;
  c.state = {std::nullopt, 0, 0, 1, 1, Status::failed, 0};
  TaskRow d = task_row("d");
  d.assigned_to = {"carl"};
  d.state = {std::nullopt, 1, 0, 1, 0, Status::completed, 0};
  for (const TaskRow& row : {a, b, c, d}) store.add(row);
}

TEST_CASE("filters of tasks add up, and the values of one are alternatives") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  add_tasks(store);
  CHECK(names(*store, {}) == Names{"a", "b", "c", "d"});
  CHECK(names(*store, {.status = {Status::pending}}) == Names{"a", "d"});
  CHECK(names(*store, {.status = {Status::running, Status::failed}}) == Names{"b", "c"});
  CHECK(names(*store, {.status = {Status::completed}}).empty());
  CHECK(names(*store, {.type = {"script"}}) == Names{"a"});
  CHECK(names(*store, {.type = {"script", "function"}, .priority = {Priority::high}}) == Names{"c"});
  CHECK(names(*store, {.priority = {Priority::low, Priority::high}}) == Names{"a", "c"});
  CHECK(names(*store, {.tag = {"blue"}}) == Names{"a", "b"});
  CHECK(names(*store, {.tag = {"red", "green"}}) == Names{"a"});
  CHECK(names(*store, {.assigned_to = {"carl"}}) == Names{"b", "d"});
  CHECK(names(*store, {.assigned_to = {"ann", "dora"}}) == Names{"b"});
  CHECK(names(*store, {.created_by = {"ann"}}) == Names{"a", "d"});
  CHECK(names(*store, {.created_by = {"", "bob"}}) == Names{"b", "c"});
}

TEST_CASE("text is searched in id, name and description, without regard to ASCII case or wildcards") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  add_tasks(store);
  CHECK(names(*store, {.text = "NAME OF b"}) == Names{"b"});
  CHECK(names(*store, {.text = "backup"}) == Names{"a"});
  CHECK(names(*store, {.text = "%_"}) == Names{"a"});
  CHECK(names(*store, {.text = "%"}) == Names{"a"});
  CHECK(names(*store, {.text = "nowhere"}).empty());
}

TEST_CASE("who may see only some tasks finds those that they made or are assigned to") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  add_tasks(store);
  CHECK(names(*store, {.visible_to = "ann"}) == Names{"a", "b", "d"});
  CHECK(names(*store, {.visible_to = "carl"}) == Names{"b", "d"});
  CHECK(names(*store, {.tag = {"blue"}, .visible_to = "ann"}) == Names{"a", "b"});
  CHECK(names(*store, {.visible_to = "nobody"}).empty());
  CHECK(store->page_runs(0, {.visible_to = "ann"}).value().items.empty());
  for (TaskKey task = 1; task <= 4; ++task) store.add(run_row(task));
  CHECK(ids(store->page_runs(0, {.visible_to = "carl"}).value().items) == Ids{4, 2});
  CHECK(ids(store->page_runs(4, {.visible_to = "carl"}).value().items) == Ids{4});
  CHECK(store->page_runs(1, {.visible_to = "carl"}).value().items.empty());
}

TEST_CASE("cursors lead through all tasks once, while others come") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const bool oldest_first = GENERATE(false, true);
  const std::string visible_to = GENERATE("", "ann");
  Ids expected;
  for (int i = 0; i < 7; ++i) expected.push_back(store.add(task_row("t" + std::to_string(i))));
  if (!oldest_first) std::reverse(expected.begin(), expected.end());
  TaskQuery query{.visible_to = visible_to, .oldest_first = oldest_first, .limit = 3};
  Ids seen;
  do {
    const auto page = store->page_tasks(query).value();
    CHECK(page.items.size() <= 3);
    for (const std::int64_t key : ids(page.items)) seen.push_back(key);
    query.cursor = page.next_cursor;
    if (seen.size() == 3) store.add(task_row("late"));
  } while (!query.cursor.empty() && seen.size() < 20);
  if (oldest_first) expected.push_back(8);
  CHECK(seen == expected);
}

TEST_CASE("a page that the last row fills is the last") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  store.add(task_row("b"));
  for (int i = 0; i < 2; ++i) store.add(run_row(task));
  CHECK(store->page_tasks({.limit = 2}).value().next_cursor.empty());
  CHECK(store->page_runs(task, {.limit = 2}).value().next_cursor.empty());
  CHECK_FALSE(store->page_runs(task, {.limit = 1}).value().next_cursor.empty());
}

TEST_CASE("runs are listed by id, of one task or of all that are not deleted") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey a = store.add(task_row("a"));
  TaskRow gone = task_row("gone");
  gone.key = store.add(gone);
  const RunKey first = store.add(run_row(a));
  const RunKey of_gone = store.add(settled_row(gone.key, at(1)));
  const RunKey failed = store.add(settled_row(a, at(1), RunState::failed));
  const RunKey running = store.add(run_row(a, RunState::running));
  gone.deleted = true;
  store.write([&](Store& s) { s.update_task(gone).value(); });
  CHECK(ids(store->page_runs(0, {}).value().items) == Ids{running, failed, first});
  CHECK(ids(store->page_runs(gone.key, {}).value().items) == Ids{of_gone});
  CHECK(ids(store->page_runs(a, {.oldest_first = true}).value().items) == Ids{first, failed, running});
  CHECK(ids(store->page_runs(a, {.status = {Status::failed, Status::pending}}).value().items) == Ids{failed, first});
  const auto page = store->page_runs(a, {.limit = 2}).value();
  CHECK(ids(page.items) == Ids{running, failed});
  CHECK(ids(store->page_runs(a, {.limit = 2, .cursor = page.next_cursor}).value().items) == Ids{first});
}

TEST_CASE("runs are found by why they exist, and by when they were made and ended") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  const TaskKey of = GENERATE(0, 1);
  const auto add = [&](Trigger trigger, std::int64_t created, std::optional<TimePoint> finished) {
    RunRow row = finished ? settled_row(task, *finished) : run_row(task);
    row.trigger = trigger;
    row.created_at = at(created);
    return store.add(row);
  };
  const RunKey manual = add(Trigger::manual, 1, at(5));
  const RunKey due = add(Trigger::schedule, 2, at(6));
  const RunKey live = add(Trigger::schedule, 3, std::nullopt);
  const auto found = [&](const RunQuery& query) { return ids(store->page_runs(of, query).value().items); };
  CHECK(found({.trigger = {Trigger::schedule}}) == Ids{live, due});
  CHECK(found({.trigger = {Trigger::manual, Trigger::backfill}}) == Ids{manual});
  CHECK(found({.created_after = at(2)}) == Ids{live, due});
  CHECK(found({.created_before = at(2)}) == Ids{manual});
  CHECK(found({.finished_after = at(6)}) == Ids{due});
  CHECK(found({.finished_before = at(6)}) == Ids{manual});
  CHECK(found({.finished_after = at(0)}) == Ids{due, manual});
  CHECK(found({.created_after = at(2), .created_before = at(3)}) == Ids{due});
  CHECK(found({.status = {Status::completed}, .trigger = {Trigger::schedule}, .finished_before = at(6)}).empty());
}

TEST_CASE("a cursor that the listing did not give is refused") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  store.add(task_row("b"));
  for (int i = 0; i < 2; ++i) store.add(run_row(task));
  const std::string of_tasks = store->page_tasks({.limit = 1}).value().next_cursor;
  const std::string of_runs = store->page_runs(0, {.limit = 1}).value().next_cursor;
  for (const std::string& cursor : {std::string("x"), std::string("-1"), of_runs, of_tasks + " ", "0" + of_tasks,
                                    std::string(of_tasks.substr(0, 2)), of_tasks + "99999999999999999999"}) {
    const auto page = store->page_tasks({.cursor = cursor});
    REQUIRE(page.has_error());
    CHECK(page.error().code == Errc::invalid);
    REQUIRE(page.error().fields.size() == 1);
    CHECK(page.error().fields[0].pointer == "/cursor");
  }
  CHECK(store->page_tasks({.oldest_first = true, .cursor = of_tasks}).error().code == Errc::invalid);
  CHECK(store->page_runs(0, {.cursor = of_tasks}).error().code == Errc::invalid);
}

}  // namespace
}  // namespace taskcore::store_test
