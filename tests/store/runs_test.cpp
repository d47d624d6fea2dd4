// Runs: rows, conditional writes, and how they are found.
#include "subject.hpp"

namespace taskcore::store_test {
namespace {

/// Every member differs from its default and from `run_row`.
RunRow full_run(TaskKey task) {
  RunRow row = run_row(task, RunState::running);
  row.priority = Priority::high;
  row.queue = "other";
  row.ready_at = at(1);
  row.due_at = at(2);
  row.trigger = Trigger::backfill;
  row.missed_count = 3;
  row.missed_from = at(3);
  row.params = R"({"a":1})";
  row.fence = 4;
  row.attempt = 5;
  row.retries_used = 6;
  row.losses = 7;
  row.node = "node";
  row.task_version = 8;
  row.started_at = at(9);
  row.attempt_started_at = at(10);
  row.attempt_finished_at = at(11);
  row.attempt_status = AttemptStatus::timed_out;
  row.exit_code = 0;
  row.signal = 15;
  row.error = "{}";
  row.past_attempts = "[]";
  row.finished_at = at(12);
  row.cancel_requested = true;
  row.reason = "user";
  row.result = "1";
  row.checkpoint = "2";
  row.workflow = 21;
  row.retry_of = 20;
  row.delayed = true;
  row.concurrency_key = "key";
  row.item_of = 22;
  row.items = 23;
  row.items_completed = 24;
  row.items_failed = 25;
  row.signal_value = "3";
  return row;
}

TEST_CASE("a run comes back as it was put in") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  RunRow row = full_run(task);
  row.scheduled_for = at(4);
  row.created_at = at(5);
  row.id = store.add(row);
  CHECK(row.id == 1);
  CHECK(text(store.run(row.id)) == text(row));
  RunRow plain = run_row(task);
  plain.id = store.add(plain);
  store.reopen();
  CHECK(text(store.run(row.id)) == text(row));
  CHECK(text(store.run(plain.id)) == text(plain));
  CHECK_FALSE(store->find_run(3).value());
}

TEST_CASE("the runs of a workflow are found, the newest of a task apart") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey a = store.add(task_row("a"));
  const TaskKey b = store.add(task_row("b"));
  RunRow own = run_row(a);
  own.workflow = kItself;
  const RunKey workflow = store.add(own);
  RunRow member = run_row(b);
  member.workflow = workflow;
  const RunKey first = store.add(member);
  store.add(run_row(b));
  const RunKey second = store.add(member);
  CHECK(store.run(workflow).workflow == workflow);
  CHECK(store->newest_of_workflow(workflow, b).value().value().id == second);
  CHECK(store->newest_of_workflow(workflow, a).value().value().id == workflow);
  CHECK_FALSE(store->newest_of_workflow(workflow, b + 1).value());
  CHECK_FALSE(store->newest_of_workflow(first, b).value());
  CHECK(ids(store->runs_of_workflow(workflow, 0, 9).value()) == Ids{workflow, first, second});
  CHECK(ids(store->runs_of_workflow(workflow, workflow, 1).value()) == Ids{first});
}

TEST_CASE("the items of a run are found, and are no runs of a task, a workflow and a history otherwise") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  RunRow own = run_row(task, RunState::waiting);
  own.workflow = kItself;
  own.items = 3;
  const RunKey group = store.add(own);
  RunRow item = settled_row(task, at(1), RunState::failed);
  item.workflow = group;
  item.item_of = group;
  const Ids items{store.add(item), store.add(item), store.add(run_row(task, RunState::running))};
  RunRow plain = run_row(task);
  plain.item_of = group;
  const RunKey last = store.add(plain);
  store.reopen();
  CHECK(ids(store->items_of(group, 0, 9).value()) == Ids{items[0], items[1], last});
  CHECK(ids(store->items_of(group, items[0], 1).value()) == Ids{items[1]});
  CHECK(store->items_of(items[0], 0, 9).value().empty());
  CHECK(store.run(last).item_of == group);
  CHECK(store->newest_of_workflow(group, task).value().value().id == group);
  CHECK(ids(store->runs_of_workflow(group, 0, 9).value()) == Ids{group});
  CHECK(ids(store->runs_after(task, 0, 9).value()) == Ids{group, items[0], items[1], items[2], last});
  CHECK(ids(store->live_runs(task, RunState::ready, 9).value()) == Ids{last});
  const std::string id = "run_" + std::to_string(group);
  for (const TaskKey of : {TaskKey{0}, task}) {
    CHECK(ids(store->page_runs(of, {}).value().items) == Ids{items[2], group});
    CHECK(store->page_runs(of, {.dead_letters = true}).value().items.empty());
    CHECK(ids(store->page_runs(of, {.item_of = id}).value().items) == Ids{last, items[1], items[0]});
    CHECK(ids(store->page_runs(of, {.status = {Status::failed}, .item_of = id, .oldest_first = true}).value().items) ==
          Ids{items[0], items[1]});
  }
  const auto page = store->page_runs(0, {.item_of = id, .limit = 2}).value();
  CHECK(ids(store->page_runs(0, {.item_of = id, .limit = 2, .cursor = page.next_cursor}).value().items) ==
        Ids{items[0]});
  CHECK(store->page_runs(task + 1, {.item_of = id}).value().items.empty());
  CHECK(store->page_runs(0, {.item_of = "run_99"}).value().items.empty());
  CHECK(store->page_runs(0, {.item_of = "nonsense"}).value().items.empty());
}

TEST_CASE("a task has one run for each instant, and another task its own") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  const TaskKey other = store.add(task_row("b"));
  RunRow row = run_row(task);
  row.scheduled_for = at(7);
  store->begin().value();
  CHECK(store->insert_run(row).value());
  RunRow again = row;
  again.id = 0;
  CHECK_FALSE(store->insert_run(again).value());
  CHECK(again.id == 0);
  RunRow of_other = row;
  of_other.task = other;
  CHECK(store->insert_run(of_other).value());
  store->commit().value();
  CHECK(ids(store->page_runs(0, {}).value().items) == Ids{2, 1});
}

TEST_CASE("a claim writes what a claim changes, once") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  RunRow before = run_row(task);
  before.error = "old";
  before.id = store.add(before);
  RunRow claim = full_run(task);
  claim.id = before.id;
  claim.fence = 1;
  CHECK(store.write([&](Store& s) { return s.start_run(claim).value(); }));
  RunRow expected = before;
  expected.state = RunState::running;
  expected.fence = 1;
  expected.attempt = claim.attempt;
  expected.node = claim.node;
  expected.task_version = claim.task_version;
  expected.started_at = claim.started_at;
  expected.attempt_started_at = claim.attempt_started_at;
  expected.attempt_finished_at = claim.attempt_finished_at;
  expected.attempt_status = claim.attempt_status;
  static_cast<RareNumbers&>(expected) = claim;
  expected.past_attempts = claim.past_attempts;
  CHECK(text(store.run(before.id)) == text(expected));
  CHECK_FALSE(store.write([&](Store& s) { return s.start_run(claim).value(); }));
  CHECK(text(store.run(before.id)) == text(expected));
  CHECK(store->ready_queues().value().empty());
}

TEST_CASE("a claim needs a ready run and the fence before its own") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  const RunState state = GENERATE(RunState::ready, RunState::waiting, RunState::held, RunState::completed);
  RunRow row = run_row(task, state);
  row.fence = 5;
  row.id = store.add(row);
  for (const std::int64_t fence : {5, 7, 6}) {
    RunRow claim = row;
    claim.state = RunState::running;
    claim.fence = fence;
    CHECK(store.write([&](Store& s) { return s.start_run(claim).value(); }) ==
          (state == RunState::ready && fence == 6));
  }
}

TEST_CASE("a settlement writes what the end of an attempt changes") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  RunRow before = run_row(task, RunState::running);
  before.id = store.add(before);
  RunRow end = full_run(task);
  end.id = before.id;
  end.fence = before.fence;
  end.state = GENERATE(RunState::completed, RunState::ready, RunState::cancelled);
  CHECK(store.write([&](Store& s) { return s.settle_run(end).value(); }));
  RunRow expected = before;
  expected.state = end.state;
  expected.ready_at = end.ready_at;
  expected.delayed = end.delayed;
  static_cast<RareNumbers&>(expected) = end;
  expected.attempt_finished_at = end.attempt_finished_at;
  expected.attempt_status = end.attempt_status;
  expected.error = end.error;
  expected.result = end.result;
  expected.finished_at = end.finished_at;
  expected.reason = end.reason;
  expected.checkpoint = end.checkpoint;
  expected.signal_value = end.signal_value;
  CHECK(text(store.run(before.id)) == text(expected));
  CHECK_FALSE(store.write([&](Store& s) { return s.settle_run(end).value(); }));
  const bool live = end.state == RunState::ready;
  CHECK(store->live_runs(task, 9).value().size() == (live ? 1 : 0));
  CHECK(store->running_runs(0, 9).value().empty());
  CHECK(store->first_delayed().value().has_value() == live);
}

TEST_CASE("a settlement needs the fence of its claim") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  RunRow row = run_row(task, RunState::running);
  row.id = store.add(row);
  RunRow end = settled_row(task, at(1));
  end.id = row.id;
  for (const std::int64_t fence : {0, 2}) {
    end.fence = fence;
    CHECK_FALSE(store.write([&](Store& s) { return s.settle_run(end).value(); }));
  }
  CHECK(text(store.run(row.id)) == text(row));
}

TEST_CASE("a change writes all that may change, if state and fence are as expected") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  const TaskKey task = store.add(task_row("a"));
  RunRow row = run_row(task, RunState::held);
  row.fence = 4;
  row.scheduled_for = at(50);
  row.id = store.add(row);
  RunRow next = full_run(task);
  next.id = row.id;
  next.state = RunState::ready;
  CHECK_FALSE(store.write([&](Store& s) { return s.change_run(next, RunState::waiting).value(); }));
  next.fence = 5;
  CHECK_FALSE(store.write([&](Store& s) { return s.change_run(next, RunState::held).value(); }));
  CHECK(text(store.run(row.id)) == text(row));
  next.fence = 4;
  CHECK(store.write([&](Store& s) { return s.change_run(next, RunState::held).value(); }));
  RunRow expected = next;
  expected.scheduled_for = row.scheduled_for;
  expected.concurrency_key = row.concurrency_key;
  expected.trigger = row.trigger;
  expected.created_at = row.created_at;
  expected.workflow = row.workflow;
  expected.retry_of = row.retry_of;
  expected.item_of = row.item_of;
  CHECK(text(store.run(row.id)) == text(expected));
  CHECK(store->first_delayed().value() == at(1));
  CHECK(store->live_runs(task, RunState::held, 9).value().empty());
}

}  // namespace
}  // namespace taskcore::store_test
