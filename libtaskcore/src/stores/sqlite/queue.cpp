// The reading verbs of the store beside those of every reader: what is due, what is ready, who runs.
#include "rows.hpp"
#include "store.hpp"

namespace taskcore::sqlite_store {

Result<std::vector<TaskRow>> SqliteStore::due_tasks(TimePoint now, std::size_t limit) {
  if (auto ready = settle_down(); !ready) return ready.error();
  return Use(session_->sql.due_tasks, now, limit).all(read_task);
}

Result<std::optional<TimePoint>> SqliteStore::first_due() {
  if (auto ready = settle_down(); !ready) return ready.error();
  return Use(session_->sql.first_due).first([](Use& use) { return use.get<TimePoint>(); });
}

Result<std::vector<TaskKey>> SqliteStore::tasks_of_calendar(std::string_view name, TaskKey after, std::size_t limit) {
  if (auto ready = settle_down(); !ready) return ready.error();
  return Use(session_->sql.tasks_of_calendar, Text{name}, after, limit).all([](Use& use) {
    return use.get<TaskKey>();
  });
}

Result<std::vector<std::string>> SqliteStore::ready_queues() {
  if (auto ready = settle_down(); !ready) return ready.error();
  std::vector<std::string> queues;
  // A queue has a name, so the empty text is before all.
  for (;;) {
    Use use(session_->sql.next_ready_queue, Text{queues.empty() ? std::string_view{} : queues.back()});
    if (use.next()) {
      queues.push_back(use.get<std::string>());
      continue;
    }
    if (use.failed()) return use.failure();
    return queues;
  }
}

Result<std::vector<RunRow>> SqliteStore::ready_runs(std::string_view queue, Priority priority, TimePoint now,
                                                    std::size_t limit) {
  if (auto ready = settle_down(); !ready) return ready.error();
  return Use(session_->sql.ready_runs, Text{queue}, priority, now, limit).all(read_run);
}

Result<std::optional<TimePoint>> SqliteStore::first_ready_after(TimePoint after) {
  const auto queues = ready_queues();
  if (!queues) return queues.error();
  std::optional<TimePoint> first;
  for (const std::string& queue : *queues) {
    for (const Priority priority : {Priority::low, Priority::normal, Priority::high}) {
      Use use(session_->sql.first_ready_after, Text{queue}, priority, after);
      if (use.next()) {
        const auto at = use.get<TimePoint>();
        if (!first || at < *first) first = at;
      }
      if (use.failed()) return use.failure();
    }
  }
  return first;
}

Result<std::vector<RunRow>> SqliteStore::running_runs(RunKey after, std::size_t limit) {
  if (auto ready = settle_down(); !ready) return ready.error();
  return Use(session_->sql.running_runs, after, limit).all(read_run);
}

Result<std::vector<NodeRow>> SqliteStore::nodes() {
  if (auto ready = settle_down(); !ready) return ready.error();
  return Use(session_->sql.nodes).all([](Use& use) {
    NodeRow row;
    use.get(row.node, row.lease_until);
    return row;
  });
}

Result<std::vector<TaskKey>> SqliteStore::spent_once_tasks(TimePoint before, std::size_t limit) {
  if (auto ready = settle_down(); !ready) return ready.error();
  return Use(session_->sql.spent_once_tasks, before, limit).all([](Use& use) { return use.get<TaskKey>(); });
}

}  // namespace taskcore::sqlite_store
