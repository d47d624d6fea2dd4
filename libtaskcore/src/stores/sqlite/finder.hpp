// The questions that every reader of the file answers.
#pragma once

#include "filters.hpp"
#include "statements.hpp"
#include "taskcore/store.hpp"
#include "use.hpp"

namespace taskcore::sqlite_store {

/// The verbs of StoreReader; see there.
class Finder {
 public:
  explicit Finder(Db& db) : db_(db), sql_(db) {}

  Result<std::optional<TaskRow>> find_task(std::string_view id);
  Result<std::optional<TaskRow>> find_task(TaskKey key);
  Result<std::optional<RunRow>> find_run(RunKey id);
  Result<std::vector<TaskKey>> dependents(TaskKey task);
  Result<std::vector<RunRow>> live_runs(TaskKey task, std::size_t limit);
  Result<std::vector<RunRow>> live_runs(TaskKey task, RunState state, std::size_t limit);
  Result<std::optional<TimePoint>> earliest_live_due(TaskKey task);
  Result<Page<TaskRow>> page_tasks(const TaskQuery& query);
  Result<Page<RunRow>> page_runs(TaskKey task, const RunQuery& query);
  Result<std::vector<RunRow>> runs_after(TaskKey task, RunKey after, std::size_t limit);
  Result<std::optional<RunRow>> newest_of_workflow(RunKey workflow, TaskKey task);
  Result<std::vector<RunRow>> runs_of_workflow(RunKey workflow, RunKey after, std::size_t limit);
  Result<std::vector<RunRow>> items_of(RunKey group, RunKey after, std::size_t limit);
  Result<bool> is_repeated(RunKey run);
  Result<std::vector<TimePoint>> taken_instants(TaskKey task, TimePoint from, TimePoint to);
  Result<std::vector<LogRow>> logs(const LogRange& range);
  Result<std::optional<CalendarRow>> find_calendar(std::string_view name);
  Result<std::vector<CalendarRow>> calendars(std::string_view after, std::size_t limit);
  Result<std::optional<QueueRow>> find_queue(std::string_view name);
  Result<std::vector<QueueRow>> queues(std::string_view after, std::size_t limit);
  Result<std::vector<QueueLoad>> queue_loads();
  Result<Page<AuditEntry>> page_audit(const AuditQuery& query);
  Result<std::vector<AuditEntry>> audit_after(std::int64_t after, std::size_t limit);
  Result<AuditEnds> audit_ends();
  Result<Stats> stats(std::string_view visible_to, TimePoint now);
  Result<Usage> usage(std::string_view created_by);

 private:
  Result<std::vector<TaskRow>> visible_tasks(const TaskQuery& query, TaskKey start);
  Result<std::vector<RunRow>> runs_of(TaskKey task, const RunQuery& query, RunKey start);
  template <class Read>
  auto pick(Use& keys, const FilteredSql& sql, std::size_t limit, Read read)
      -> Result<std::vector<decltype(read(keys))>>;
  /// Calls `f` in one transaction, so that all that it reads is of one moment.
  template <class F>
  auto at_one_moment(F f) -> decltype(f());

  Db& db_;
  ReadStatements sql_;
};

}  // namespace taskcore::sqlite_store
