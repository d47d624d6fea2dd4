// A store at whose nth call the program has no memory left, before the call is made or after it.
#pragma once

#include <memory>
#include <new>

#include "stores/reading.hpp"
#include "taskcore/store.hpp"

namespace taskcore::faults {

/// Outlives the stores that it starves.
struct Hunger {
  std::uint64_t left = 0;  ///< 0: no call.
  bool after = false;      ///< The call has been made by then.
  bool struck = false;

  bool strikes() {
    if (left == 0 || --left > 0) return false;
    return struck = true;
  }
};

class StarvedStore final : public stores::Reading<Store, StarvedStore> {
 public:
  StarvedStore(std::unique_ptr<Store> inner, Hunger& hunger) : inner_(std::move(inner)), hunger_(hunger) {}

  Result<void> open() override {
    return call([&] { return inner_->open(); });
  }
  void close() noexcept override { inner_->close(); }
  bool exclusive() const noexcept override { return inner_->exclusive(); }
  Result<std::unique_ptr<StoreReader>> make_reader() override { return inner_->make_reader(); }
  Result<void> begin() override {
    return call([&] { return inner_->begin(); });
  }
  Result<void> commit() override {
    return call([&] { return inner_->commit(); });
  }
  void rollback() noexcept override { inner_->rollback(); }

  Result<TaskKey> new_task_key() override {
    return call([&] { return inner_->new_task_key(); });
  }
  Result<void> insert_task(TaskRow& row) override {
    return call([&] { return inner_->insert_task(row); });
  }
  Result<void> update_task(const TaskRow& row) override {
    return call([&] { return inner_->update_task(row); });
  }
  Result<void> update_task_state(TaskKey key, const TaskState& state) override {
    return call([&] { return inner_->update_task_state(key, state); });
  }
  Result<std::vector<TaskRow>> due_tasks(TimePoint now, std::size_t limit) override {
    return call([&] { return inner_->due_tasks(now, limit); });
  }
  Result<std::optional<TimePoint>> first_due() override {
    return call([&] { return inner_->first_due(); });
  }
  Result<void> put_calendar(const CalendarRow& row) override {
    return call([&] { return inner_->put_calendar(row); });
  }
  Result<void> remove_calendar(std::string_view name) override {
    return call([&] { return inner_->remove_calendar(name); });
  }
  Result<std::optional<TaskKey>> find_unique(std::string_view created_by, std::string_view key) override {
    return call([&] { return inner_->find_unique(created_by, key); });
  }
  Result<std::vector<TaskKey>> tasks_of_calendar(std::string_view name, TaskKey after, std::size_t limit) override {
    return call([&] { return inner_->tasks_of_calendar(name, after, limit); });
  }
  Result<void> put_queue(const QueueRow& row) override {
    return call([&] { return inner_->put_queue(row); });
  }
  Result<std::optional<RateRow>> find_rate(std::string_view queue, std::string_view key) override {
    return call([&] { return inner_->find_rate(queue, key); });
  }
  Result<void> put_rate(const RateRow& row) override {
    return call([&] { return inner_->put_rate(row); });
  }
  Result<std::size_t> prune_rates(TimePoint now, std::size_t limit) override {
    return call([&] { return inner_->prune_rates(now, limit); });
  }
  Result<void> append_audit(const AuditEntry& row) override {
    return call([&] { return inner_->append_audit(row); });
  }
  Result<std::size_t> prune_audit(TimePoint before, std::size_t limit) override {
    return call([&] { return inner_->prune_audit(before, limit); });
  }
  Result<std::optional<IdempotencyRow>> find_idempotency(std::string_view scope) override {
    return call([&] { return inner_->find_idempotency(scope); });
  }
  Result<void> put_idempotency(const IdempotencyRow& row) override {
    return call([&] { return inner_->put_idempotency(row); });
  }
  Result<std::size_t> prune_idempotency(TimePoint now, std::size_t limit) override {
    return call([&] { return inner_->prune_idempotency(now, limit); });
  }
  Result<bool> insert_run(RunRow& row) override {
    return call([&] { return inner_->insert_run(row); });
  }
  Result<std::vector<std::string>> ready_queues() override {
    return call([&] { return inner_->ready_queues(); });
  }
  Result<std::vector<RunRow>> ready_runs(std::string_view queue, Priority priority, std::string_view key,
                                         std::size_t limit) override {
    return call([&] { return inner_->ready_runs(queue, priority, key, limit); });
  }
  Result<std::vector<RunRow>> first_ready_of_keys(std::string_view queue, Priority priority, std::string_view after,
                                                  std::size_t limit) override {
    return call([&] { return inner_->first_ready_of_keys(queue, priority, after, limit); });
  }
  Result<std::size_t> running_with_key(std::string_view key) override {
    return call([&] { return inner_->running_with_key(key); });
  }
  Result<std::vector<std::string>> wake_delayed(TimePoint now, std::size_t limit) override {
    return call([&] { return inner_->wake_delayed(now, limit); });
  }
  Result<std::optional<TimePoint>> first_delayed() override {
    return call([&] { return inner_->first_delayed(); });
  }
  Result<bool> start_run(const RunRow& row) override {
    return call([&] { return inner_->start_run(row); });
  }
  Result<bool> settle_run(const RunRow& row) override {
    return call([&] { return inner_->settle_run(row); });
  }
  Result<bool> change_run(const RunRow& row, RunState expected) override {
    return call([&] { return inner_->change_run(row, expected); });
  }
  Result<bool> remove_run(const RunRow& row) override {
    return call([&] { return inner_->remove_run(row); });
  }
  Result<std::vector<RunRow>> running_runs(RunKey after, std::size_t limit) override {
    return call([&] { return inner_->running_runs(after, limit); });
  }
  Result<void> append_logs(std::span<const LogRow> rows) override {
    return call([&] { return inner_->append_logs(rows); });
  }
  Result<void> put_node(const NodeRow& row) override {
    return call([&] { return inner_->put_node(row); });
  }
  Result<void> remove_node(std::string_view node) override {
    return call([&] { return inner_->remove_node(node); });
  }
  Result<std::vector<NodeRow>> nodes() override {
    return call([&] { return inner_->nodes(); });
  }
  Result<Pruned> prune_runs(const RunPruning& what) override {
    return call([&] { return inner_->prune_runs(what); });
  }
  Result<std::size_t> prune_logs(TimePoint before, std::size_t limit) override {
    return call([&] { return inner_->prune_logs(before, limit); });
  }
  Result<std::size_t> prune_deleted_tasks(std::size_t limit) override {
    return call([&] { return inner_->prune_deleted_tasks(limit); });
  }
  Result<std::vector<TaskKey>> spent_once_tasks(TimePoint before, std::size_t limit) override {
    return call([&] { return inner_->spent_once_tasks(before, limit); });
  }

  template <class F>
  auto read(F f) {
    return call([&] { return f(*inner_); });
  }

 private:
  template <class F>
  auto call(F f) -> decltype(f()) {
    const bool strikes = hunger_.strikes();
    if (strikes && !hunger_.after) throw std::bad_alloc();
    auto answer = f();
    if (strikes) throw std::bad_alloc();
    return answer;
  }

  std::unique_ptr<Store> inner_;
  Hunger& hunger_;
};

}  // namespace taskcore::faults
