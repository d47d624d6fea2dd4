// The seam of storage. A store keeps rows and finds them; it decides nothing. What a row should become is decided by
// the engine before the call and is applied only if the row still stands as expected, so every store shares one brain.
//
// `now` is always an argument. JSON travels as text that the engine wrote and that no store reads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "taskcore/audit.hpp"
#include "taskcore/log.hpp"
#include "taskcore/query.hpp"
#include "taskcore/quota.hpp"
#include "taskcore/result.hpp"
#include "taskcore/run.hpp"
#include "taskcore/shared_text.hpp"
#include "taskcore/stats.hpp"
#include "taskcore/task.hpp"
#include "taskcore/time.hpp"

namespace taskcore {

/// The store's own name of a task and of a run. Given by the store, from 1, growing, never given twice.
using TaskKey = std::int64_t;
using RunKey = std::int64_t;

/// What moves while a task lives; all else in TaskRow changes by an edit only.
struct TaskState {
  std::optional<TimePoint> next_due{};  ///< The next instant that is not yet a run.
  std::int64_t live = 0;                ///< Runs that are not settled; without items, whose run is live itself.
  std::int64_t running = 0;             ///< Runs in state `running`.
  RunKey last_run = 0;                  ///< The newest run.
  RunKey last_settled = 0;              ///< The newest settled run, and how it ended.
  Status last_status = Status::pending;
  RunKey last_completed = 0;       ///< The newest completed run: its result is what dependents read.
  std::int64_t schedule_runs = 0;  ///< Runs that the schedule made since it was set.
  /// Of a task that runs after its dependencies: for each of TaskRow::upstreams the newest settled run that it has
  /// followed. Of others empty.
  std::vector<RunKey> consumed{};
};

struct TaskRow {
  TaskKey key = 0;
  std::string id{};
  std::int64_t version = 1;
  SharedText spec{};  ///< The whole TaskSpec as JSON. The fields below repeat what listings and dispatch need.
  std::string name{};
  std::string description{};
  std::string type{};
  Priority priority = Priority::normal;
  std::vector<std::string> tags{};
  std::vector<std::string> assigned_to{};
  std::vector<TaskKey> upstreams{};
  std::string calendar{};  ///< The calendar that its spec names.
  /// The unique key of its spec until another task of its creator has taken it over; empty: none. Of the rows that are
  /// not deleted one at most has it.
  std::string unique_key{};
  std::string created_by{};
  TimePoint created_at{};
  TimePoint updated_at{};
  TimePoint anchor{};  ///< When the schedule was set.
  bool once = false;   ///< Its schedule has one instant.
  bool paused = false;
  bool deleted = false;  ///< A tombstone: invisible to readers by id and to listings.
  TaskState state{};
};

/// pending is `ready`, `waiting` or `held`; the last three are settled.
enum class RunState : std::uint8_t {
  ready = 0,    ///< May be claimed from `ready_at` on.
  waiting = 1,  ///< For its dependencies, or its items.
  held = 2,     ///< Behind a live run of the same task.
  running = 3,
  completed = 4,
  failed = 5,
  cancelled = 6,
};

/// As RunRow::workflow of a run that is to be inserted: its own id, which nobody knows yet.
inline constexpr RunKey kItself = -1;

/// As RunRow::ready_at of a run that waits for a signal as long as it takes: the end of the year 9999.
inline constexpr TimePoint kNoDeadline{Duration{253402300799999}};

constexpr bool is_settled(RunState state) noexcept { return state >= RunState::completed; }

/// Of a run: numbers that most runs have none of. A store may keep them together.
struct RareNumbers {
  std::int64_t missed_count = 0;
  std::optional<TimePoint> missed_from{};
  int retries_used = 0;  ///< Failed and timed-out attempts so far.
  int losses = 0;        ///< Lost attempts so far.
  std::optional<int> exit_code{};
  std::optional<int> signal{};
  bool cancel_requested = false;
  // Of a run that has items, which is `waiting` until all of them have ended: how many there are, and how many ended
  // how; a cancelled one counts as failed.
  std::int64_t items = 0;
  std::int64_t items_completed = 0;
  std::int64_t items_failed = 0;
};

struct RunRow : RareNumbers {
  RunKey id = 0;
  TaskKey task = 0;
  RunState state = RunState::ready;
  Priority priority = Priority::normal;
  std::string queue{};
  std::string concurrency_key{};  ///< Empty: none.
  TimePoint ready_at{};
  bool delayed = false;  ///< It is `ready`, but waits for `ready_at`: only `wake_delayed` lets it be found as ready.
  TimePoint due_at{};    ///< The instant that it stands for: the schedule's, or when it was asked for.
  std::optional<TimePoint> scheduled_for{};  ///< Unique for each task where set, but for items: theirs is their run's.
  Trigger trigger = Trigger::manual;
  TimePoint created_at{};
  SharedText params{};  ///< JSON text; empty: none. So are `result`, `error`, `past_attempts` and `checkpoint`.

  std::int64_t fence = 0;  ///< Grows by one with each claim: the token of one attempt.
  int attempt = 0;         ///< The newest attempt's number.
  SharedText node{};
  std::int64_t task_version = 0;
  std::optional<TimePoint> started_at{};          ///< Of the first attempt.
  std::optional<TimePoint> attempt_started_at{};  ///< Of the newest.
  std::optional<TimePoint> attempt_finished_at{};
  AttemptStatus attempt_status = AttemptStatus::running;
  SharedText error{};
  SharedText past_attempts{};  ///< The attempts before the newest, a JSON array.

  std::optional<TimePoint> finished_at{};
  std::string reason{};
  SharedText result{};
  SharedText checkpoint{};
  SharedText signal_value{};  ///< JSON text of the signal that it was sent and has not used up; empty: none.

  // Given when the run is made; 0: none.
  RunKey workflow = 0;  ///< The run for which this one was made, with others that its task depends on; itself, too.
  RunKey retry_of = 0;  ///< The settled run that it repeats.
  RunKey item_of = 0;   ///< The run of which it is one item.
};

struct CalendarRow {
  std::string name{};
  SharedText spec{};  ///< The CalendarSpec as JSON.
  TimePoint updated_at{};
};

struct QueueRow {
  std::string name{};
  SharedText spec{};  ///< The QueueSpec as JSON.
  TimePoint updated_at{};
};

/// How many runs of a queue stand where; `ready` without those that are `delayed`.
struct QueueLoad {
  std::string queue{};
  std::size_t ready = 0;
  std::size_t delayed = 0;
  std::size_t running = 0;
  std::optional<TimePoint> oldest_ready{};  ///< The least `ready_at` of those that are `ready`.
};

/// What a rate has seen of late.
struct RateRow {
  std::string queue{};
  std::string key{};       ///< Empty: of the whole queue.
  std::string starts{};    ///< As the engine writes it.
  TimePoint expires_at{};  ///< From then on it says nothing any more.
};

/// A call that was made once, and its answer.
struct IdempotencyRow {
  std::string scope{};  ///< The hash of whose call it was, on what, under which key; so is `body` of what it said.
  std::string body{};
  SharedText answer{};     ///< As the host wrote it.
  TimePoint expires_at{};  ///< From then on the call is a new one.
};

struct LogRow {
  std::int64_t id = 0;
  TaskKey task = 0;
  RunKey run = 0;  ///< 0: about the task itself.
  int attempt = 0;
  TimePoint at{};
  LogLevel level = LogLevel::info;
  LogStream stream = LogStream::system;
  std::string message{};
  std::string data{};
};

/// Which stored log rows, ordered by id. With `run` 0 the lines about the task itself.
struct LogRange {
  TaskKey task = 0;
  RunKey run = 0;
  std::int64_t after_id = 0;
  LogLevel level = LogLevel::debug;
  std::optional<TimePoint> since{};
  std::size_t limit = 50;
};

/// Finds rows. One reader is used by one thread at a time and sees what was committed when each call began.
/// Errors of every call: `unavailable`, `corrupt`. Tombstones are found by key only.
class StoreReader {
 public:
  virtual ~StoreReader() = default;

  virtual Result<std::optional<TaskRow>> find_task(std::string_view id) = 0;
  virtual Result<std::optional<TaskRow>> find_task(TaskKey key) = 0;
  virtual Result<std::optional<RunRow>> find_run(RunKey id) = 0;

  /// The tasks that depend on `task`, tombstones left out, by key.
  virtual Result<std::vector<TaskKey>> dependents(TaskKey task) = 0;

  /// The runs of `task` that are not settled, oldest first, at most `limit`.
  virtual Result<std::vector<RunRow>> live_runs(TaskKey task, std::size_t limit) = 0;

  /// Those of them in one state, oldest first, at most `limit`.
  virtual Result<std::vector<RunRow>> live_runs(TaskKey task, RunState state, std::size_t limit) = 0;

  /// The least `due_at` of the task's live runs.
  virtual Result<std::optional<TimePoint>> earliest_live_due(TaskKey task) = 0;

  /// Errors besides: `invalid` ("/cursor") for a cursor that this query did not give.
  virtual Result<Page<TaskRow>> page_tasks(const TaskQuery& query) = 0;

  /// `query.task_id` is not read; `task` 0 means all tasks. By id, newest first unless asked otherwise. Items are left
  /// out, unless those of one run are asked for; what is no run's id has none.
  virtual Result<Page<RunRow>> page_runs(TaskKey task, const RunQuery& query) = 0;

  /// Runs of `task` with an id above `after`, oldest first, settled or not, items too.
  virtual Result<std::vector<RunRow>> runs_after(TaskKey task, RunKey after, std::size_t limit) = 0;

  /// The newest run of `task` that was made for `workflow`; items are left out.
  virtual Result<std::optional<RunRow>> newest_of_workflow(RunKey workflow, TaskKey task) = 0;

  /// The runs that were made for `workflow`, with an id above `after`; by id, at most `limit`. Items are left out.
  virtual Result<std::vector<RunRow>> runs_of_workflow(RunKey workflow, RunKey after, std::size_t limit) = 0;

  /// The items of the run `group` with an id above `after`; by id, at most `limit`.
  virtual Result<std::vector<RunRow>> items_of(RunKey group, RunKey after, std::size_t limit) = 0;

  /// Whether a run was ever inserted that names this one in `retry_of`; false for one that is not there.
  virtual Result<bool> is_repeated(RunKey run) = 0;

  /// The instants in [from, to] for which `task` has runs, in order; items are left out.
  virtual Result<std::vector<TimePoint>> taken_instants(TaskKey task, TimePoint from, TimePoint to) = 0;

  virtual Result<std::vector<LogRow>> logs(const LogRange& range) = 0;

  virtual Result<std::optional<CalendarRow>> find_calendar(std::string_view name) = 0;
  /// Those with a name after `after`, by name, at most `limit`.
  virtual Result<std::vector<CalendarRow>> calendars(std::string_view after, std::size_t limit) = 0;

  virtual Result<std::optional<QueueRow>> find_queue(std::string_view name) = 0;
  /// Those with a name after `after`, by name, at most `limit`.
  virtual Result<std::vector<QueueRow>> queues(std::string_view after, std::size_t limit) = 0;
  /// Of every queue that has runs that are ready or running, by name.
  virtual Result<std::vector<QueueLoad>> queue_loads() = 0;

  /// By number, newest first. Errors besides: as of `page_tasks`.
  virtual Result<Page<AuditEntry>> page_audit(const AuditQuery& query) = 0;
  /// Those with a number above `after`, oldest first, at most `limit`.
  virtual Result<std::vector<AuditEntry>> audit_after(std::int64_t after, std::size_t limit) = 0;
  virtual Result<AuditEnds> audit_ends() = 0;

  /// Of the tasks that `visible_to` created or is assigned to; empty: of all.
  virtual Result<Stats> stats(std::string_view visible_to, TimePoint now) = 0;

  /// Of the tasks that `created_by`, which is not empty, made: TaskState::live says how many runs are live. Tombstones
  /// count with these only. It looks at each of those tasks.
  virtual Result<Usage> usage(std::string_view created_by) = 0;
};

/// A node of a shared store: who holds runs, and until when that is to be believed.
struct NodeRow {
  std::string node{};
  TimePoint lease_until{};
};

/// Keeps rows. Used by one thread at a time. Every call that writes is made between `begin` and `commit`; reads by this
/// object see the open transaction. A call that fails leaves the transaction fit only for `rollback`.
///
/// Errors of every call: `storage_full` and `unavailable` (after `rollback` the store is as it was at `begin`),
/// `corrupt`, and `internal` for a `commit` whose outcome is not known: then only `close` and `open` help.
class Store : public StoreReader {
 public:
  /// Takes possession, migrates, checks. Errors: `locked` (another process owns it), `unavailable` (no such directory,
  /// no permission), `corrupt`, `invalid` (made by a newer version).
  virtual Result<void> open() = 0;
  virtual void close() noexcept = 0;

  /// Whether `open` proves that no other process holds runs: then all running runs of before are lost, with no wait for
  /// a lease.
  virtual bool exclusive() const noexcept = 0;

  /// A reader for another thread. Errors: `unavailable`. It must not outlive the store.
  virtual Result<std::unique_ptr<StoreReader>> make_reader() = 0;

  virtual Result<void> begin() = 0;
  virtual Result<void> commit() = 0;
  virtual void rollback() noexcept = 0;

  // Tasks.
  /// The key of a task that is to be inserted in this transaction; its runs may be inserted before it.
  virtual Result<TaskKey> new_task_key() = 0;
  /// Sets `row.key`, unless it is one that `new_task_key` gave. Precondition: no live task has this id (a tombstone
  /// may).
  virtual Result<void> insert_task(TaskRow& row) = 0;
  /// Writes all but `key`, `created_*` and `id`; the upstreams' edges too.
  virtual Result<void> update_task(const TaskRow& row) = 0;
  virtual Result<void> update_task_state(TaskKey key, const TaskState& state) = 0;
  /// Unpaused, not deleted, `next_due` at or before `now`; by (next_due, key), at most `limit`.
  virtual Result<std::vector<TaskRow>> due_tasks(TimePoint now, std::size_t limit) = 0;
  /// The task of this creator that has this unique key, which is not empty; tombstones left out.
  virtual Result<std::optional<TaskKey>> find_unique(std::string_view created_by, std::string_view unique_key) = 0;
  /// The least `next_due` of unpaused tasks.
  virtual Result<std::optional<TimePoint>> first_due() = 0;

  // Calendars.
  virtual Result<void> put_calendar(const CalendarRow& row) = 0;
  virtual Result<void> remove_calendar(std::string_view name) = 0;
  /// The tasks that name it, tombstones left out, with a key above `after`; by key, at most `limit`.
  virtual Result<std::vector<TaskKey>> tasks_of_calendar(std::string_view name, TaskKey after, std::size_t limit) = 0;

  // Queues.
  virtual Result<void> put_queue(const QueueRow& row) = 0;
  virtual Result<std::optional<RateRow>> find_rate(std::string_view queue, std::string_view key) = 0;
  virtual Result<void> put_rate(const RateRow& row) = 0;
  /// Removes those that expired at or before `now`, at most `limit`. Gives how many.
  virtual Result<std::size_t> prune_rates(TimePoint now, std::size_t limit) = 0;

  // Audit trail.
  /// The last row from now on. Precondition: its number follows that of the last one.
  virtual Result<void> append_audit(const AuditEntry& row) = 0;
  /// Removes rows from the first on, up to one that is not older than `before`, at most `limit`; the last of them is
  /// the anchor then. Gives how many.
  virtual Result<std::size_t> prune_audit(TimePoint before, std::size_t limit) = 0;

  // Calls that are made once.
  virtual Result<std::optional<IdempotencyRow>> find_idempotency(std::string_view scope) = 0;
  virtual Result<void> put_idempotency(const IdempotencyRow& row) = 0;
  /// Removes those that expired at or before `now`, at most `limit`. Gives how many.
  virtual Result<std::size_t> prune_idempotency(TimePoint now, std::size_t limit) = 0;

  // Runs.
  /// Sets `row.id`, and `row.workflow` where it is kItself. Gives false, and inserts nothing, when the task already has
  /// a run for `scheduled_for`. The run that `retry_of` names `is_repeated` from then on, also when this one is
  /// removed.
  virtual Result<bool> insert_run(RunRow& row) = 0;
  /// The queues that have ready runs that are not delayed, by name.
  virtual Result<std::vector<std::string>> ready_queues() = 0;
  /// Ready runs of one queue, priority and concurrency key (empty: those without one) that are not delayed; by
  /// (ready_at, id), at most `limit`.
  virtual Result<std::vector<RunRow>> ready_runs(std::string_view queue, Priority priority, std::string_view key,
                                                 std::size_t limit) = 0;
  /// Of each of the next `limit` keys after `after` the run that `ready_runs` gives first; by key. Runs without a key
  /// are left out.
  virtual Result<std::vector<RunRow>> first_ready_of_keys(std::string_view queue, Priority priority,
                                                          std::string_view after, std::size_t limit) = 0;
  /// How many runs of this key, which is not empty, are running, in whatever queue.
  virtual Result<std::size_t> running_with_key(std::string_view key) = 0;
  /// Of the delayed runs with `ready_at` at or before `now` the first `limit` are delayed no longer. Gives their
  /// queues, by name.
  virtual Result<std::vector<std::string>> wake_delayed(TimePoint now, std::size_t limit) = 0;
  /// The least `ready_at` of delayed runs.
  virtual Result<std::optional<TimePoint>> first_delayed() = 0;
  /// Writes what a claim changes (state, fence, attempt, node, task_version, started_at, attempt_*, past_attempts, its
  /// RareNumbers), if the row is `ready` with fence `row.fence - 1`. Gives false, and writes nothing, when it is not.
  virtual Result<bool> start_run(const RunRow& row) = 0;
  /// Writes what the end of an attempt changes (state, ready_at, delayed, attempt_finished_at, attempt_status, error,
  /// result, finished_at, reason, checkpoint, signal_value, its RareNumbers), if the row is `running` with fence
  /// `row.fence`. Else as above.
  virtual Result<bool> settle_run(const RunRow& row) = 0;
  /// Writes all that may change (not task, concurrency_key, scheduled_for, trigger, created_at, workflow, retry_of and
  /// item_of), if the row is in state `expected` with fence `row.fence`. Else as above.
  virtual Result<bool> change_run(const RunRow& row, RunState expected) = 0;
  /// Removes the run of this row's id and task, with its logs, if it is settled. Else as above.
  virtual Result<bool> remove_run(const RunRow& row) = 0;
  /// Runs in state `running` with an id above `after`, by id.
  virtual Result<std::vector<RunRow>> running_runs(RunKey after, std::size_t limit) = 0;

  // Logs.
  virtual Result<void> append_logs(std::span<const LogRow> rows) = 0;

  // Nodes of a shared store.
  virtual Result<void> put_node(const NodeRow& row) = 0;
  virtual Result<void> remove_node(std::string_view node) = 0;
  virtual Result<std::vector<NodeRow>> nodes() = 0;

  // Retention, in small batches.
  struct RunPruning {
    TimePoint settled_before{};
    std::size_t keep_newest = 0;  ///< For each task, that many newest runs stay whatever their age.
    RunKey after = 0;             ///< Where the last batch ended.
    std::size_t scan = 500;       ///< Rows looked at.
    TimePoint now{};              ///< When set, a batch ends the sweep when its last run `is_young`.

    /// Made when what is to go had already finished, and not by a clock that was ahead: so were those after it.
    bool is_young(TimePoint created_at) const { return created_at >= settled_before && created_at <= now; }
  };
  struct Pruned {
    std::size_t removed = 0;
    RunKey next = 0;  ///< Where to go on; 0 at the end.
  };
  /// Removes settled runs that finished before, with their logs; never a task's `last_settled` and `last_completed`
  /// runs, nor one that was made for a workflow of which a run is live, nor an item of a live run. Items are not among
  /// the newest runs that are kept.
  virtual Result<Pruned> prune_runs(const RunPruning& what) = 0;
  /// Removes log rows older than `before`, at most `limit`. Gives how many.
  virtual Result<std::size_t> prune_logs(TimePoint before, std::size_t limit) = 0;
  /// Removes tombstones without live runs, with their runs and logs; about `limit` rows. Gives how many.
  virtual Result<std::size_t> prune_deleted_tasks(std::size_t limit) = 0;
  /// Once-tasks, not deleted, that are spent (no next instant, nothing live), whose newest run finished before `before`
  /// and that no task depends on.
  virtual Result<std::vector<TaskKey>> spent_once_tasks(TimePoint before, std::size_t limit) = 0;
};

}  // namespace taskcore
