// The questions that a store answers, asked of the tables. The caller holds the gate.
#pragma once

#include "tables.hpp"

namespace taskcore::memory_store {

/// The verbs of StoreReader; see there.
class Finder {
 public:
  explicit Finder(Tables& tables) : tables_(tables) {}

  Result<std::optional<TaskRow>> find_task(std::string_view id) const;
  Result<std::optional<TaskRow>> find_task(TaskKey key) const;
  Result<std::optional<RunRow>> find_run(RunKey id) const;
  Result<std::vector<TaskKey>> dependents(TaskKey task) const;
  Result<std::vector<RunRow>> live_runs(TaskKey task, std::size_t limit) const;
  Result<std::vector<RunRow>> live_runs(TaskKey task, RunState state, std::size_t limit) const;
  Result<std::optional<TimePoint>> earliest_live_due(TaskKey task) const;
  Result<Page<TaskRow>> page_tasks(const TaskQuery& query) const;
  Result<Page<RunRow>> page_runs(TaskKey task, const RunQuery& query) const;
  Result<std::vector<RunRow>> runs_after(TaskKey task, RunKey after, std::size_t limit) const;
  Result<std::optional<RunRow>> newest_of_workflow(RunKey workflow, TaskKey task) const;
  Result<std::vector<RunRow>> runs_of_workflow(RunKey workflow, RunKey after, std::size_t limit) const;
  Result<std::vector<RunRow>> items_of(RunKey group, RunKey after, std::size_t limit) const;
  Result<bool> is_repeated(RunKey run) const;
  Result<std::vector<TimePoint>> taken_instants(TaskKey task, TimePoint from, TimePoint to) const;
  Result<std::vector<LogRow>> logs(const LogRange& range) const;
  Result<std::optional<CalendarRow>> find_calendar(std::string_view name) const;
  Result<std::vector<CalendarRow>> calendars(std::string_view after, std::size_t limit) const;
  Result<std::optional<QueueRow>> find_queue(std::string_view name) const;
  Result<std::vector<QueueRow>> queues(std::string_view after, std::size_t limit) const;
  Result<std::vector<QueueLoad>> queue_loads() const;
  Result<Page<AuditEntry>> page_audit(const AuditQuery& query) const;
  Result<std::vector<AuditEntry>> audit_after(std::int64_t after, std::size_t limit) const;
  Result<AuditEnds> audit_ends() const;
  Result<Stats> stats(std::string_view visible_to, TimePoint now) const;
  Result<Usage> usage(std::string_view created_by) const;

  // The verbs of Store that only look.
  std::vector<TaskRow> due_tasks(TimePoint now, std::size_t limit) const;
  std::optional<TaskKey> find_unique(std::string_view created_by, std::string_view unique_key) const;
  std::optional<TimePoint> first_due() const;
  std::vector<TaskKey> tasks_of_calendar(std::string_view name, TaskKey after, std::size_t limit) const;
  std::vector<std::string> ready_queues() const;
  std::vector<RunRow> ready_runs(std::string_view queue, Priority priority, std::string_view key,
                                 std::size_t limit) const;
  std::vector<RunRow> first_ready_of_keys(std::string_view queue, Priority priority, std::string_view after,
                                          std::size_t limit) const;
  std::size_t running_with_key(std::string_view key) const;
  std::optional<TimePoint> first_delayed() const;
  std::vector<RunRow> running_runs(RunKey after, std::size_t limit) const;
  std::vector<TaskKey> spent_once_tasks(TimePoint before, std::size_t limit) const;

 private:
  /// Copies the first `limit` of the runs, by id.
  std::vector<RunRow> take(std::vector<RunKey> ids, std::size_t limit) const;
  bool has_dependents(TaskKey task) const;
  /// Null: the queue never had a ready run.
  const Tables::ReadyKeys* ready_keys(std::string_view queue, Priority priority) const;

  Tables& tables_;
};

/// Whether `user` made the task or is assigned to it; everybody is nobody in particular.
bool sees(std::string_view user, const TaskRow& task);

}  // namespace taskcore::memory_store
