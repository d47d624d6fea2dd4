// The reading verbs of the store beside those of every reader: what is due, what is ready, who runs.
#include <algorithm>

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

Result<std::optional<TaskKey>> SqliteStore::find_unique(std::string_view created_by, std::string_view unique_key) {
  if (auto ready = settle_down(); !ready) return ready.error();
  return Use(session_->sql.find_unique, Text{unique_key}, Text{created_by}).first([](Use& use) {
    return use.get<TaskKey>();
  });
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

Result<std::vector<RunRow>> SqliteStore::ready_runs(std::string_view queue, Priority priority, std::string_view key,
                                                    std::size_t limit) {
  if (auto ready = settle_down(); !ready) return ready.error();
  if (key.empty()) return Use(session_->sql.ready_runs, Text{queue}, priority, limit).all(read_run);
  return Use(session_->sql.ready_runs_of_key, Text{queue}, priority, Text{key}, limit).all(read_run);
}

Result<std::vector<RunRow>> SqliteStore::first_ready_of_keys(std::string_view queue, Priority priority,
                                                             std::string_view after, std::size_t limit) {
  if (auto ready = settle_down(); !ready) return ready.error();
  return Use(session_->sql.first_of_keys, Text{queue}, priority, Text{after}, limit).all(read_run);
}

Result<std::size_t> SqliteStore::running_with_key(std::string_view key) {
  if (auto ready = settle_down(); !ready) return ready.error();
  const auto count =
      Use(session_->sql.running_with_key, Text{key}).first([](Use& use) { return use.get<std::size_t>(); });
  if (!count) return count.error();
  return count->value_or(0);
}

Result<std::vector<std::string>> SqliteStore::wake_delayed(TimePoint now, std::size_t limit) {
  if (auto ready = settle_down(); !ready) return ready.error();
  const auto woken = Use(session_->sql.wake_delayed, now, limit).all(read_place);
  if (!woken) return woken.error();
  std::vector<std::string> queues;
  for (const RunRow& run : *woken) {
    queues.push_back(run.queue);
    if (run.concurrency_key.empty()) continue;
    if (auto entered = session_->lines.enter(run); !entered) return entered.error();
  }
  std::sort(queues.begin(), queues.end());
  queues.erase(std::unique(queues.begin(), queues.end()), queues.end());
  return queues;
}

Result<std::optional<TimePoint>> SqliteStore::first_delayed() {
  if (auto ready = settle_down(); !ready) return ready.error();
  return Use(session_->sql.first_delayed).first([](Use& use) { return use.get<TimePoint>(); });
}

Result<std::optional<RateRow>> SqliteStore::find_rate(std::string_view queue, std::string_view key) {
  if (auto ready = settle_down(); !ready) return ready.error();
  return Use(session_->sql.find_rate, Text{queue}, Text{key}).first([](Use& use) {
    RateRow row;
    use.get(row.queue, row.key, row.starts, row.expires_at);
    return row;
  });
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
