// Look-ups by one statement each; listings and counts are in listing.cpp.
#include "finder.hpp"

#include "rows.hpp"

namespace taskcore::sqlite_store {

Result<std::optional<TaskRow>> Finder::find_task(std::string_view id) {
  return Use(sql_.task_by_id, Text{id}).first(read_task);
}

Result<std::optional<TaskRow>> Finder::find_task(TaskKey key) { return Use(sql_.task_by_key, key).first(read_task); }

Result<std::optional<RunRow>> Finder::find_run(RunKey id) { return Use(sql_.run_by_id, id).first(read_run); }

Result<std::vector<TaskKey>> Finder::dependents(TaskKey task) {
  return Use(sql_.dependents, task).all([](Use& use) { return use.get<TaskKey>(); });
}

Result<std::vector<RunRow>> Finder::live_runs(TaskKey task, std::size_t limit) {
  return Use(sql_.live_runs, task, limit).all(read_run);
}

Result<std::vector<RunRow>> Finder::live_runs(TaskKey task, RunState state, std::size_t limit) {
  if (state == RunState::ready) return Use(sql_.live_runs_ready, task, limit).all(read_run);
  return Use(sql_.live_runs_busy, state, task, limit).all(read_run);
}

Result<std::optional<TimePoint>> Finder::earliest_live_due(TaskKey task) {
  Use use(sql_.earliest_live_due, task);
  std::optional<TimePoint> due;
  if (use.next()) use.get(due);
  if (use.failed()) return use.failure();
  return due;
}

Result<std::vector<RunRow>> Finder::runs_after(TaskKey task, RunKey after, std::size_t limit) {
  return Use(sql_.runs_after, task, after, limit).all(read_run);
}

Result<std::optional<RunRow>> Finder::newest_of_workflow(RunKey workflow, TaskKey task) {
  return Use(sql_.newest_of_workflow, workflow, task).first(read_run);
}

Result<std::vector<RunRow>> Finder::runs_of_workflow(RunKey workflow, RunKey after, std::size_t limit) {
  return Use(sql_.runs_of_workflow, workflow, after, limit).all(read_run);
}

Result<std::vector<RunRow>> Finder::items_of(RunKey group, RunKey after, std::size_t limit) {
  return Use(sql_.items_of, group, after, limit).all(read_run);
}

Result<bool> Finder::is_repeated(RunKey run) {
  const auto repeated = Use(sql_.is_repeated, run).first([](Use& use) { return use.get<bool>(); });
  if (!repeated) return repeated.error();
  return repeated->value_or(false);
}

Result<std::vector<TimePoint>> Finder::taken_instants(TaskKey task, TimePoint from, TimePoint to) {
  return Use(sql_.taken_instants, task, from, to).all([](Use& use) { return use.get<TimePoint>(); });
}

Result<std::vector<LogRow>> Finder::logs(const LogRange& range) {
  return Use(sql_.logs, range.task, range.run, range.after_id, range.level, range.since, range.limit).all(read_log);
}

Result<std::optional<CalendarRow>> Finder::find_calendar(std::string_view name) {
  return Use(sql_.calendar_by_name, Text{name}).first(read_calendar);
}

Result<std::vector<CalendarRow>> Finder::calendars(std::string_view after, std::size_t limit) {
  return Use(sql_.calendars, Text{after}, limit).all(read_calendar);
}

Result<std::optional<QueueRow>> Finder::find_queue(std::string_view name) {
  return Use(sql_.queue_by_name, Text{name}).first(read_queue);
}

Result<std::vector<QueueRow>> Finder::queues(std::string_view after, std::size_t limit) {
  return Use(sql_.queues, Text{after}, limit).all(read_queue);
}

}  // namespace taskcore::sqlite_store
