// What callers read: tasks, runs, logs, statistics, from a reader's snapshot on their own thread.
#pragma once

#include "engine/engine.hpp"

namespace taskcore {

Result<Task> read_task(Engine& engine, std::string_view id);
Result<Run> read_run(Engine& engine, std::string_view id);
Result<Page<Task>> read_tasks(Engine& engine, const TaskQuery& query);
Result<std::vector<std::string>> read_dependents(Engine& engine, std::string_view id, std::string_view visible_to,
                                                 std::size_t limit);
Result<Page<Run>> read_runs(Engine& engine, const RunQuery& query);
Result<Page<LogEntry>> read_logs(Engine& engine, const LogQuery& query);
Result<WorkflowRun> read_workflow(Engine& engine, const std::string& id);
Result<Calendar> read_calendar(Engine& engine, std::string_view name);
Result<Page<Calendar>> read_calendars(Engine& engine, const CalendarQuery& query);
Result<std::vector<Queue>> read_queues(Engine& engine);
Result<Page<AuditEntry>> read_audit(Engine& engine, const AuditQuery& query);
Result<Stats> read_stats(Engine& engine, std::string_view visible_to);
Result<Usage> read_usage(Engine& engine, std::string_view created_by);
Result<std::vector<TimePoint>> read_next(Engine& engine, std::string_view id, std::size_t count);

}  // namespace taskcore
