// The in-memory store and its readers: locking and transactions around tables, finder and journal.
#pragma once

#include <memory>
#include <shared_mutex>

#include "../reading.hpp"
#include "database.hpp"
#include "finder.hpp"
#include "journal.hpp"

namespace taskcore::memory_store {

/// Reads what is committed: a call waits while a transaction is open.
class Reader final : public stores::Reading<StoreReader, Reader> {
 public:
  explicit Reader(MemoryDatabase& database) : gate_(database.gate), finder_(database.tables) {}

  template <class F>
  auto read(F f) {
    const std::shared_lock hold(gate_);
    return f(finder_);
  }

 private:
  Gate& gate_;
  Finder finder_;
};

class MemoryStore final : public stores::Reading<Store, MemoryStore> {
 public:
  MemoryStore(std::shared_ptr<MemoryDatabase> database, bool shared);
  ~MemoryStore() override;

  Result<void> open() override;
  void close() noexcept override;
  bool exclusive() const noexcept override { return !shared_; }
  Result<std::unique_ptr<StoreReader>> make_reader() override;
  Result<void> begin() override;
  Result<void> commit() override;
  void rollback() noexcept override;

  Result<TaskKey> new_task_key() override;
  Result<void> insert_task(TaskRow& row) override;
  Result<void> update_task(const TaskRow& row) override;
  Result<void> update_task_state(TaskKey key, const TaskState& state) override;
  Result<std::vector<TaskRow>> due_tasks(TimePoint now, std::size_t limit) override;
  Result<std::optional<TimePoint>> first_due() override;

  Result<void> put_calendar(const CalendarRow& row) override;
  Result<void> remove_calendar(std::string_view name) override;
  Result<std::optional<TaskKey>> find_unique(std::string_view created_by, std::string_view unique_key) override;
  Result<std::vector<TaskKey>> tasks_of_calendar(std::string_view name, TaskKey after, std::size_t limit) override;

  Result<void> put_queue(const QueueRow& row) override;
  Result<std::optional<RateRow>> find_rate(std::string_view queue, std::string_view key) override;
  Result<void> put_rate(const RateRow& row) override;
  Result<std::size_t> prune_rates(TimePoint now, std::size_t limit) override;

  Result<void> append_audit(const AuditEntry& row) override;
  Result<std::size_t> prune_audit(TimePoint before, std::size_t limit) override;

  Result<std::optional<IdempotencyRow>> find_idempotency(std::string_view scope) override;
  Result<void> put_idempotency(const IdempotencyRow& row) override;
  Result<std::size_t> prune_idempotency(TimePoint now, std::size_t limit) override;

  Result<bool> insert_run(RunRow& row) override;
  Result<std::vector<std::string>> ready_queues() override;
  Result<std::vector<RunRow>> ready_runs(std::string_view queue, Priority priority, std::string_view key,
                                         std::size_t limit) override;
  Result<std::vector<RunRow>> first_ready_of_keys(std::string_view queue, Priority priority, std::string_view after,
                                                  std::size_t limit) override;
  Result<std::size_t> running_with_key(std::string_view key) override;
  Result<std::vector<std::string>> wake_delayed(TimePoint now, std::size_t limit) override;
  Result<std::optional<TimePoint>> first_delayed() override;
  Result<bool> start_run(const RunRow& row) override;
  Result<bool> settle_run(const RunRow& row) override;
  Result<bool> change_run(const RunRow& row, RunState expected) override;
  Result<bool> remove_run(const RunRow& row) override;
  Result<std::vector<RunRow>> running_runs(RunKey after, std::size_t limit) override;

  Result<void> append_logs(std::span<const LogRow> rows) override;

  Result<void> put_node(const NodeRow& row) override;
  Result<void> remove_node(std::string_view node) override;
  Result<std::vector<NodeRow>> nodes() override;

  Result<Pruned> prune_runs(const RunPruning& what) override;
  Result<std::size_t> prune_logs(TimePoint before, std::size_t limit) override;
  Result<std::size_t> prune_deleted_tasks(std::size_t limit) override;
  Result<std::vector<TaskKey>> spent_once_tasks(TimePoint before, std::size_t limit) override;

  /// The store sees its own open transaction, so only outside of one must it wait for the gate.
  template <class F>
  auto read(F f) {
    if (writing_) return f(finder_);
    const std::shared_lock hold(database_->gate);
    return f(finder_);
  }

 private:
  RunRow* run_in(RunKey id, RunState state, std::int64_t fence);
  void note_gone(RunKey id);
  void erase_run(RunKey id);
  std::size_t remove_logs(TaskKey task, RunKey run, std::size_t limit);
  RunKey keep_from(const Task& task, std::size_t newest) const;
  std::size_t prune_tombstone(TaskKey key, std::size_t limit);

  std::shared_ptr<MemoryDatabase> database_;
  Tables& tables_;
  Finder finder_;
  Journal journal_{};
  bool shared_;
  bool open_ = false;
  bool writing_ = false;
};

}  // namespace taskcore::memory_store
