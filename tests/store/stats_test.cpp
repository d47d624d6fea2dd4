// Statistics.
#include "subject.hpp"

namespace taskcore::store_test {
namespace {

constexpr std::int64_t kDayMs = 24 * 3600 * 1000;

TEST_CASE("tasks are counted by status, type and priority") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const Stats none = store->stats("", at(0)).value();
  CHECK(none.total == 0);
  CHECK_FALSE(none.runs.p50_ms);
  TaskRow a = task_row("a");
  a.state.next_due = at(1);
  TaskRow b = task_row("b");
  b.created_by = "bob";
  b.assigned_to = {"carl"};
  b.type = "script";
  b.priority = Priority::high;
  b.state = {at(1), 1, 1, 1, 0, Status::pending, 0};
  b.paused = true;
  TaskRow c = task_row("c");
  c.state = {std::nullopt, 0, 0, 1, 1, Status::failed, 0};
  TaskRow gone = task_row("gone");
  gone.deleted = true;
  for (const TaskRow& row : {a, b, c, gone}) store.add(row);

  const Stats all = store->stats("", at(0)).value();
  CHECK(all.total == 3);
  CHECK(all.by_status == std::array<std::int64_t, 5>{1, 1, 0, 1, 0});
  CHECK(all.by_type == std::map<std::string, std::int64_t>{{"function", 2}, {"script", 1}});
  CHECK(all.by_priority == std::array<std::int64_t, 3>{0, 2, 1});
  CHECK(all.running == 1);
  CHECK(all.scheduled == 1);
  CHECK(store->stats("ann", at(0)).value().total == 2);
  CHECK(store->stats("carl", at(0)).value().by_type == std::map<std::string, std::int64_t>{{"script", 1}});
  CHECK(store->stats("dora", at(0)).value().total == 0);
}

TEST_CASE("runs of the last day are counted, and their durations ranked") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey a = store.add(task_row("a"));
  TaskRow of_bob = task_row("b");
  of_bob.created_by = "bob";
  const TaskKey b = store.add(of_bob);
  const TimePoint now = at(2 * kDayMs);
  store.add(settled_row(a, at(1)));  // Too old.
  for (int i = 1; i <= 20; ++i) {
    RunRow row = settled_row(a, now - Duration(1000));
    row.created_at = now - Duration(kDayMs);
    row.started_at = *row.finished_at - Duration(i);
    store.add(row);
  }
  for (const RunState state : {RunState::ready, RunState::held, RunState::running, RunState::cancelled}) {
    RunRow row = run_row(b, state);
    row.created_at = now;
    store.add(row);
  }
  const auto runs = store->stats("", now).value().runs;
  CHECK(runs.last_24h == std::array<std::int64_t, 5>{2, 1, 20, 0, 1});
  CHECK(runs.p50_ms == 10);
  CHECK(runs.p95_ms == 19);
  const auto of_b = store->stats("bob", now).value().runs;
  CHECK(of_b.last_24h == std::array<std::int64_t, 5>{2, 1, 0, 0, 1});
  CHECK_FALSE(of_b.p50_ms);
}

}  // namespace
}  // namespace taskcore::store_test
