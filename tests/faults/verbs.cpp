#include "faults/verbs.hpp"

#include "store/subject.hpp"
#include "support/calm.hpp"

namespace taskcore::faults {
namespace {

using store_test::at;
using store_test::run_row;
using store_test::settled_row;
using store_test::task_row;
using store_test::text;

// How each kind of answer reads.
std::string words(bool value) { return value ? "yes" : "no"; }
std::string words(std::size_t value) { return std::to_string(value); }
std::string words(std::int64_t value) { return std::to_string(value); }
std::string words(const std::string& value) { return value; }
std::string words(TimePoint value) { return std::to_string(value.time_since_epoch().count()); }
std::string words(const TaskRow& row) { return text(row); }
std::string words(const RunRow& row) { return text(row); }
std::string words(const LogRow& row) { return text(row); }
std::string words(const QueueRow& row) { return text(row); }
std::string words(const RateRow& row) { return text(row); }
std::string words(const AuditEntry& row) { return words(row.seq) + " " + row.action + " " + row.after; }
std::string words(const AuditEnds& ends) { return words(ends.anchor.seq) + " " + words(ends.last.seq); }
std::string words(const IdempotencyRow& row) { return row.scope + " " + row.body + " " + row.answer.str(); }
std::string words(const QueueLoad& load) { return text(load); }
std::string words(const NodeRow& row) { return row.node + " " + words(row.lease_until); }
std::string words(const Store::Pruned& pruned) { return words(pruned.removed) + " " + words(pruned.next); }
std::string words(const Stats& stats) { return words(stats.total) + " " + words(stats.scheduled); }
std::string words(const Usage& usage) {
  return words(usage.tasks) + " " + words(usage.runs) + " " + words(usage.bytes);
}
template <class T>
std::string words(const std::optional<T>& value) {
  return value ? words(*value) : "none";
}
template <class T>
std::string words(const std::vector<T>& values) {
  std::string all;
  for (const T& value : values) all += words(value) + "\n";
  return all;
}
template <class T>
std::string words(const Page<T>& page) {
  return words(page.items) + page.next_cursor;
}

template <class T>
Result<std::string> told(const Result<T>& answer) {
  const Calm calm;
  if (!answer) return answer.error();
  if constexpr (std::is_void_v<T>) {
    return std::string("done");
  } else {
    return words(*answer);
  }
}

TaskRow changed_task() {
  TaskRow row = task_row("a");
  row.key = 1;
  row.version = 2;
  row.upstreams = {2};
  row.assigned_to = {"bob", "carol"};
  row.spec = std::string(9000, 's');
  row.state = {.next_due = at(9), .live = 3, .running = 1, .last_run = 4};
  return row;
}

RunRow changed_run(RunKey id, RunState state, std::int64_t fence) {
  RunRow row = run_row(1, state);
  row.id = id;
  row.fence = fence;
  row.attempt = 1;
  row.node = "here";
  row.started_at = row.attempt_started_at = row.finished_at = at(5);
  row.result = std::string(9000, 'r');
  return row;
}

AuditEntry audit_row(std::int64_t seq) {
  AuditEntry row;
  row.seq = seq;
  row.at = at(seq);
  row.actor = "ann";
  row.action = "task.create";
  row.target = "a";
  row.after = std::string(3000, 'a');
  row.hash = std::to_string(seq);
  return row;
}

}  // namespace

void fill(Store& store) {
  store.begin().value();
  for (const char* id : {"a", "b", "c", "d"}) {
    TaskRow row = task_row(id);
    if (row.id == "b") row.upstreams = {1};
    if (row.id == "b") row.state.next_due = at(1);
    row.once = row.id == "c";
    row.deleted = row.id == "d";
    row.assigned_to = {"bob"};
    row.tags = {"x", "y"};
    row.spec = std::string(3000, 's');
    if (row.once) row.state.last_run = row.state.last_settled = 5;
    store.insert_task(row).value();
  }
  for (RunRow row : {run_row(1), run_row(1, RunState::running), run_row(1, RunState::waiting), settled_row(1, at(3)),
                     settled_row(3, at(3)), settled_row(4, at(3)), settled_row(4, at(3))}) {
    row.params = std::string(row.task == 1 ? 6000 : 10, 'p');
    row.scheduled_for = row.task == 3 ? std::optional(at(2)) : std::nullopt;
    REQUIRE(store.insert_run(row).value());
  }
  std::vector<LogRow> lines;
  for (const RunKey run : {2, 4, 6})
    lines.push_back({.task = run == 6 ? 4 : 1, .run = run, .at = at(run), .message = "a line"});
  store.append_logs(lines).value();
  store.put_node({"there", at(5)}).value();
  for (const bool delayed : {false, true}) {
    RunRow row = run_row(1);
    row.concurrency_key = "key";
    row.delayed = delayed;
    REQUIRE(store.insert_run(row).value());
  }
  store.put_queue({"mail", std::string(3000, 'q'), at(1)}).value();
  store.put_rate({"mail", "key", std::string(3000, '1'), at(1)}).value();
  for (const std::int64_t seq : {1, 2, 3}) store.append_audit(audit_row(seq)).value();
  store.put_idempotency({"scope", "body", std::string(3000, 'i'), at(1)}).value();
  store.commit().value();
}

const std::vector<ReadVerb>& read_verbs() {
  static const std::vector<ReadVerb> verbs{
      {"find_task by id", [](StoreReader& s) { return told(s.find_task("a")); }},
      {"find_task by key", [](StoreReader& s) { return told(s.find_task(4)); }},
      {"find_run", [](StoreReader& s) { return told(s.find_run(1)); }},
      {"dependents", [](StoreReader& s) { return told(s.dependents(1)); }},
      {"live_runs", [](StoreReader& s) { return told(s.live_runs(1, 10)); }},
      {"live_runs ready", [](StoreReader& s) { return told(s.live_runs(1, RunState::ready, 10)); }},
      {"live_runs running", [](StoreReader& s) { return told(s.live_runs(1, RunState::running, 10)); }},
      {"earliest_live_due", [](StoreReader& s) { return told(s.earliest_live_due(1)); }},
      {"page_tasks", [](StoreReader& s) { return told(s.page_tasks({.tag = {"x"}, .limit = 2})); }},
      {"page_tasks of one", [](StoreReader& s) { return told(s.page_tasks({.visible_to = "bob", .limit = 2})); }},
      {"page_runs", [](StoreReader& s) { return told(s.page_runs(0, {.visible_to = "ann", .limit = 2})); }},
      {"runs_after", [](StoreReader& s) { return told(s.runs_after(1, 0, 10)); }},
      {"newest_of_workflow", [](StoreReader& s) { return told(s.newest_of_workflow(1, 1)); }},
      {"runs_of_workflow", [](StoreReader& s) { return told(s.runs_of_workflow(1, 0, 9)); }},
      {"items_of", [](StoreReader& s) { return told(s.items_of(1, 0, 9)); }},
      {"items", [](StoreReader& s) { return told(s.page_runs(0, {.item_of = "run_1"})); }},
      {"dead letters", [](StoreReader& s) { return told(s.page_runs(1, {.dead_letters = true})); }},
      {"is_repeated", [](StoreReader& s) { return told(s.is_repeated(1)); }},
      {"taken_instants", [](StoreReader& s) { return told(s.taken_instants(3, at(0), at(9))); }},
      {"logs", [](StoreReader& s) { return told(s.logs({.task = 1, .run = 2})); }},
      {"find_queue", [](StoreReader& s) { return told(s.find_queue("mail")); }},
      {"queues", [](StoreReader& s) { return told(s.queues("", 9)); }},
      {"queue_loads", [](StoreReader& s) { return told(s.queue_loads()); }},
      {"page_audit", [](StoreReader& s) { return told(s.page_audit({.limit = 2})); }},
      {"page_audit of one", [](StoreReader& s) { return told(s.page_audit({.actor = "ann", .target = "a"})); }},
      {"page_audit of an actor", [](StoreReader& s) { return told(s.page_audit({.actor = "ann"})); }},
      {"audit_after", [](StoreReader& s) { return told(s.audit_after(1, 9)); }},
      {"audit_ends", [](StoreReader& s) { return told(s.audit_ends()); }},
      {"stats", [](StoreReader& s) { return told(s.stats("", at(9))); }},
      {"usage", [](StoreReader& s) { return told(s.usage("ann")); }},
      {"stats of one", [](StoreReader& s) { return told(s.stats("bob", at(9))); }},
  };
  return verbs;
}

const std::vector<WriteVerb>& write_verbs() {
  static const std::vector<WriteVerb> verbs{
      {"insert_task",
       [](Store& s) {
         TaskRow row = task_row("new");
         row.upstreams = {1, 2};
         row.tags = {"x"};
         row.assigned_to = {"bob"};
         row.spec = std::string(9000, 's');
         return told(s.insert_task(row));
       }},
      {"update_task", [](Store& s) { return told(s.update_task(changed_task())); }},
      {"update_task_state", [](Store& s) { return told(s.update_task_state(2, changed_task().state)); }},
      {"due_tasks", [](Store& s) { return told(s.due_tasks(at(9), 9)); }},
      {"first_due", [](Store& s) { return told(s.first_due()); }},
      {"put_calendar",
       [](Store& s) {
         return told(s.put_calendar({"rest", std::string(9000, 'c'), at(5)}));
       }},
      {"remove_calendar", [](Store& s) { return told(s.remove_calendar("rest")); }},
      {"find_unique", [](Store& s) { return told(s.find_unique("alice", "unique")); }},
      {"tasks_of_calendar", [](Store& s) { return told(s.tasks_of_calendar("rest", 0, 9)); }},
      {"insert_run",
       [](Store& s) {
         RunRow row = run_row(2);
         row.params = std::string(9000, 'p');
         row.scheduled_for = at(7);
         return told(s.insert_run(row));
       }},
      {"insert_run of a taken instant",
       [](Store& s) {
         RunRow row = run_row(3);
         row.scheduled_for = at(2);
         return told(s.insert_run(row));
       }},
      {"insert_run that repeats another",
       [](Store& s) {
         RunRow row = run_row(1);
         row.retry_of = 4;
         return told(s.insert_run(row));
       }},
      {"remove_run",
       [](Store& s) {
         RunRow row = settled_row(1, at(3));
         row.id = 4;
         return told(s.remove_run(row));
       }},
      {"ready_queues", [](Store& s) { return told(s.ready_queues()); }},
      {"ready_runs", [](Store& s) { return told(s.ready_runs("default", Priority::normal, "", 9)); }},
      {"first_ready_of_keys", [](Store& s) { return told(s.first_ready_of_keys("default", Priority::normal, "", 9)); }},
      {"running_with_key", [](Store& s) { return told(s.running_with_key("key")); }},
      {"wake_delayed", [](Store& s) { return told(s.wake_delayed(at(9), 9)); }},
      {"first_delayed", [](Store& s) { return told(s.first_delayed()); }},
      {"put_queue",
       [](Store& s) {
         return told(s.put_queue({"mail", std::string(9000, 'q'), at(5)}));
       }},
      {"find_rate", [](Store& s) { return told(s.find_rate("mail", "key")); }},
      {"put_rate",
       [](Store& s) {
         return told(s.put_rate({"mail", "key", std::string(9000, '1'), at(5)}));
       }},
      {"prune_rates", [](Store& s) { return told(s.prune_rates(at(9), 9)); }},
      {"append_audit", [](Store& s) { return told(s.append_audit(audit_row(4))); }},
      {"prune_audit", [](Store& s) { return told(s.prune_audit(at(3), 9)); }},
      {"find_idempotency", [](Store& s) { return told(s.find_idempotency("scope")); }},
      {"put_idempotency",
       [](Store& s) {
         return told(s.put_idempotency({"scope", "other", std::string(9000, 'i'), at(5)}));
       }},
      {"prune_idempotency", [](Store& s) { return told(s.prune_idempotency(at(9), 9)); }},
      {"start_run", [](Store& s) { return told(s.start_run(changed_run(1, RunState::running, 1))); }},
      {"settle_run", [](Store& s) { return told(s.settle_run(changed_run(2, RunState::completed, 1))); }},
      {"change_run",
       [](Store& s) { return told(s.change_run(changed_run(3, RunState::cancelled, 0), RunState::waiting)); }},
      {"running_runs", [](Store& s) { return told(s.running_runs(0, 9)); }},
      {"append_logs",
       [](Store& s) {
         const std::vector<LogRow> lines(3, {.task = 1, .run = 1, .at = at(1), .message = std::string(5000, 'm')});
         return told(s.append_logs(lines));
       }},
      {"put_node",
       [](Store& s) {
         return told(s.put_node({"here", at(5)}));
       }},
      {"remove_node", [](Store& s) { return told(s.remove_node("there")); }},
      {"nodes", [](Store& s) { return told(s.nodes()); }},
      {"prune_runs", [](Store& s) { return told(s.prune_runs({.settled_before = at(9), .keep_newest = 1})); }},
      {"prune_logs", [](Store& s) { return told(s.prune_logs(at(9), 2)); }},
      {"prune_deleted_tasks", [](Store& s) { return told(s.prune_deleted_tasks(9)); }},
      {"spent_once_tasks", [](Store& s) { return told(s.spent_once_tasks(at(9), 9)); }},
  };
  return verbs;
}

}  // namespace taskcore::faults
