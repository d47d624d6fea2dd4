// The rows of an in-memory database and the indexes over them, kept in step. No locks, no transactions, no rules.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "table.hpp"
#include "taskcore/store.hpp"

namespace taskcore::memory_store {

/// A task with the ids of its runs, growing.
struct Task {
  TaskRow row;
  std::vector<RunKey> runs{};
};

/// Entries of the indexes over runs that are not settled.
struct BusyRun {
  RunState state;
  TaskKey task;
  RunKey id;
  auto operator<=>(const BusyRun&) const = default;
};
/// Runs that were made for a workflow.
struct WorkflowRun {
  RunKey workflow;
  TaskKey task;
  RunKey id;
  auto operator<=>(const WorkflowRun&) const = default;
};

using Pair = std::pair<std::int64_t, std::int64_t>;
struct PairHash {
  std::size_t operator()(const Pair& pair) const noexcept {
    const auto first = static_cast<std::uint64_t>(pair.first);
    return std::hash<std::uint64_t>{}(first * 0x2545f4914f6cdd1d + static_cast<std::uint64_t>(pair.second));
  }
};
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
};

class Tables {
 public:
  // Rows. Written by the functions below only.
  Table<Task> tasks{};
  Table<RunRow> runs{};
  Table<LogRow> logs{};
  std::map<std::string, TimePoint, std::less<>> nodes{};
  std::map<std::string, CalendarRow, std::less<>> calendars{};
  std::map<std::string, QueueRow, std::less<>> queues{};
  std::map<std::pair<std::string, std::string>, RateRow> rates{};  ///< By queue and key.
  std::map<std::int64_t, AuditEntry> audit{};
  AuditEnds audit_ends{};
  std::map<std::string, IdempotencyRow, std::less<>> idempotency{};
  TaskKey last_task = 0;
  RunKey last_run = 0;
  std::int64_t last_log = 0;

  // Indexes.
  std::unordered_map<std::string, TaskKey, TextHash, std::equal_to<>> ids{};  ///< Without tombstones.
  std::set<std::pair<TimePoint, TaskKey>> due{};
  std::set<std::pair<TaskKey, TaskKey>> edges{};  ///< (upstream, downstream)
  std::set<std::pair<std::string, TaskKey>> calendar_tasks{};
  std::map<std::pair<std::string, std::string>, TaskKey> unique_keys{};  ///< By creator and key.
  std::set<TaskKey> fired{};                                             ///< Once-tasks without a next instant.
  std::set<TaskKey> tombstones{};
  using ReadyAt = std::set<std::pair<TimePoint, RunKey>>;
  /// Of one queue and priority by concurrency key; the entry of the empty key may be empty.
  using ReadyKeys = std::map<std::string, ReadyAt, std::less<>>;
  std::map<std::string, std::array<ReadyKeys, 3>, std::less<>> ready{};
  ReadyAt delayed{};
  std::map<std::string, std::size_t, std::less<>> running_keys{};  ///< How many runs of a key run; never none.
  std::set<BusyRun> busy{};                                        ///< Waiting, held and running runs.
  using LiveRuns = std::set<std::pair<TimePoint, RunKey>>;         ///< Of one task, by due instant.
  std::unordered_map<TaskKey, LiveRuns> live{};                    ///< Of tasks that have some: see live_of.
  std::set<WorkflowRun> workflows{};                               ///< Without items.
  std::set<std::pair<RunKey, RunKey>> items{};                     ///< (the run, its item)
  std::unordered_map<RunKey, std::size_t> live_of_workflow{};      ///< How many runs of it are live; never none.
  std::unordered_set<RunKey> repeated{};                           ///< Runs that another one repeats, or did.
  std::set<RunKey> dead_letters{};                                 ///< Failed ones that are not; without items.
  std::unordered_set<Pair, PairHash> scheduled{};                  ///< (task, instant in ms)
  std::unordered_map<Pair, std::vector<std::int64_t>, PairHash> log_ids{};  ///< Of (task, run), growing.
  std::set<std::pair<TimePoint, std::int64_t>> log_times{};

  /// Writes the row, be it there or not.
  void put_task(TaskRow row);
  void erase_task(TaskKey key);
  void set_state(Task& task, TaskState state);

  const LiveRuns& live_of(TaskKey task) const;

  /// Whether a workflow has runs besides its own.
  bool has_members(RunKey workflow) const;

  void insert_run(const RunRow& row);
  void erase_run(RunKey id);
  /// Gives whether that is news: false for a run that is not there, and for one that is repeated already.
  bool mark_repeated(RunKey id);
  void unmark_repeated(RunKey id);
  /// Runs of one task, growing: at one go, where taking each out of the task's ids would move all the others each time.
  void erase_runs(TaskKey key, const std::vector<RunKey>& which);
  /// Lets `write(row)` change a run in place; its id, task and instant must stay.
  template <class Write>
  void change_run(RunRow& row, Write write) {
    const bool was_live = !is_settled(row.state);
    const TimePoint was_due = row.due_at;
    unlink_state(row);
    write(row);
    link_state(row);
    const bool is_live = !is_settled(row.state);
    if (was_live == is_live && was_due == row.due_at) return;
    if (was_live) unlink_live(row, was_due);
    if (is_live) link_live(row);
  }

  void insert_log(LogRow row);
  void erase_log(std::int64_t id);

 private:
  void erase_run_row(RunKey id);
  void link_task(const TaskRow& row);
  void unlink_task(const TaskRow& row);
  void link_live(const RunRow& row);
  void unlink_live(const RunRow& row, TimePoint due_at);
  void link_state(const RunRow& row);
  void unlink_state(const RunRow& row);
  ReadyKeys& ready_keys(const RunRow& row);
};

/// Whether the schedule of a task may make it due.
inline bool has_due(const TaskRow& row) { return row.state.next_due && !row.paused && !row.deleted; }

}  // namespace taskcore::memory_store
