// What it takes to undo the open transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tables.hpp"

namespace taskcore::memory_store {

/// Steps in the order of the writes, undone from the last. Old rows lie apart in a stack for each kind, so that a step
/// stays small and the stacks keep their room from one transaction to the next.
class Journal {
 public:
  void task_key_is_new(TaskKey key) { steps_.push_back({Step::task_key_new, key}); }
  void task_is_new(TaskKey key) { steps_.push_back({Step::task_new, key}); }
  void task_was(TaskRow row) { push(Step::task_was, tasks_, std::move(row)); }
  void state_was(TaskKey key, const TaskState& state) { push(Step::state_was, states_, std::pair(key, state)); }
  void run_is_new(RunKey id) { steps_.push_back({Step::run_new, id}); }
  void run_was(const RunRow& row) { push(Step::run_was, runs_, row); }
  void run_is_gone(const RunRow& row) { push(Step::run_gone, runs_, row); }
  void repeat_is_new(RunKey id) { steps_.push_back({Step::repeat_new, id}); }
  void repeat_is_gone(RunKey id) { steps_.push_back({Step::repeat_gone, id}); }
  void log_is_new(std::int64_t id) { steps_.push_back({Step::log_new, id}); }
  void log_is_gone(LogRow row) { push(Step::log_gone, logs_, std::move(row)); }
  void nodes_were(std::map<std::string, TimePoint, std::less<>> nodes) {
    push(Step::nodes_were, nodes_, std::move(nodes));
  }
  /// None: there was none of that name.
  void calendar_was(std::string name, std::optional<CalendarRow> row) {
    push(Step::calendar_was, calendars_, std::pair(std::move(name), std::move(row)));
  }

  void queue_was(std::string name, std::optional<QueueRow> row) {
    push(Step::queue_was, queues_, std::pair(std::move(name), std::move(row)));
  }
  void rate_was(std::pair<std::string, std::string> name, std::optional<RateRow> row) {
    push(Step::rate_was, rates_, std::pair(std::move(name), std::move(row)));
  }

  void audit_is_new(std::int64_t seq) { steps_.push_back({Step::audit_new, seq}); }
  void audit_is_gone(AuditEntry row) { push(Step::audit_gone, audit_, std::move(row)); }
  void audit_ends_were(AuditEnds ends) { push(Step::audit_ends_were, audit_ends_, std::move(ends)); }
  void idempotency_was(std::string scope, std::optional<IdempotencyRow> row) {
    push(Step::idempotency_was, idempotency_, std::pair(std::move(scope), std::move(row)));
  }

  void forget();
  void undo(Tables& tables);

 private:
  struct Step {
    enum Kind : std::uint8_t {
      task_key_new,
      task_new,
      task_was,
      state_was,
      run_new,
      run_was,
      run_gone,
      repeat_new,
      repeat_gone,
      log_new,
      log_gone,
      nodes_were,
      calendar_was,
      queue_was,
      rate_was,
      audit_new,
      audit_gone,
      audit_ends_were,
      idempotency_was
    };
    Kind kind;
    std::int64_t key;
  };

  template <class Row, class From>
  void push(Step::Kind kind, std::vector<Row>& rows, From&& row) {
    rows.push_back(std::forward<From>(row));
    steps_.push_back({kind, 0});
  }
  void undo(Tables& tables, const Step& step);

  std::vector<Step> steps_{};
  std::vector<TaskRow> tasks_{};
  std::vector<std::pair<TaskKey, TaskState>> states_{};
  std::vector<RunRow> runs_{};
  std::vector<LogRow> logs_{};
  std::vector<std::map<std::string, TimePoint, std::less<>>> nodes_{};
  std::vector<std::pair<std::string, std::optional<CalendarRow>>> calendars_{};
  std::vector<std::pair<std::string, std::optional<QueueRow>>> queues_{};
  std::vector<std::pair<std::pair<std::string, std::string>, std::optional<RateRow>>> rates_{};
  std::vector<AuditEntry> audit_{};
  std::vector<AuditEnds> audit_ends_{};
  std::vector<std::pair<std::string, std::optional<IdempotencyRow>>> idempotency_{};
};

}  // namespace taskcore::memory_store
