// A store that fails as real ones do: calls that are refused, commits whose outcome nobody learns, and the death of the
// process in the middle of any call. It also shows a witness each transaction that has really been committed.
#pragma once

#include <map>
#include <memory>
#include <set>

#include "sim/chance.hpp"
#include "sim/trace.hpp"
#include "stores/reading.hpp"
#include "taskcore/store.hpp"
#include "taskcore/testing/virtual_clock.hpp"

namespace taskcore::sim {

/// Thrown where the process dies. Not an std::exception: nobody on the way up may take it for a failure.
struct Crash {};

/// How often, as one in so many calls; 0 is never.
struct Faults {
  std::uint64_t refused = 0;   ///< Any call.
  std::uint64_t unknown = 0;   ///< A commit.
  std::uint64_t crash = 0;     ///< Any call, and after a commit.
  std::uint64_t slow = 0;      ///< A commit: meanwhile leases and deadlines pass.
  std::uint64_t lost_end = 0;  ///< The end of an attempt is taken and not written: no real store does that.
  bool on = true;
};

/// The detail of each injected error begins with it.
inline constexpr std::string_view kInjected = "injected: ";

/// What a transaction wrote to, by whom and when it began.
struct Touched {
  TimePoint at{};
  std::string node{};  ///< On a shared store.
  std::set<TaskKey> tasks{};
  std::set<std::string> deleted{};                           ///< Ids of tasks.
  std::map<RunKey, TaskKey> runs{};                          ///< And whose.
  std::map<std::string, std::optional<TimePoint>> leases{};  ///< Put, or removed.
  std::map<TaskKey, std::size_t> skipped{};  ///< Instants of a task that a line of its log says were dropped.
  std::set<std::string> calendars{};
  std::set<std::string> queues{};
  bool woke = false;  ///< Delayed runs.
  bool pruned = false;
};

class Witness {
 public:
  virtual ~Witness() = default;
  virtual void committed(const Touched& touched, StoreReader& reader) = 0;
};

/// What the stores and readers of one simulation share; it outlives them.
struct FaultSource {
  Chance chance;
  Trace& trace;
  Witness& witness;
  testing::VirtualClock& clock;
  Faults faults{};
  int injected = 0;
};

class FaultyReader final : public stores::Reading<StoreReader, FaultyReader> {
 public:
  FaultyReader(std::unique_ptr<StoreReader> inner, FaultSource& source) : inner_(std::move(inner)), source_(source) {}

  template <class F>
  auto read(F f) {
    using R = decltype(f(*inner_));
    if (source_.faults.on && source_.chance.one_in(source_.faults.refused)) {
      return R(fail(Errc::unavailable, std::string(kInjected) + "the reader is busy"));
    }
    return f(*inner_);
  }

 private:
  std::unique_ptr<StoreReader> inner_;
  FaultSource& source_;
};

class FaultyStore final : public stores::Reading<Store, FaultyStore> {
 public:
  FaultyStore(std::unique_ptr<Store> inner, FaultSource& source) : inner_(std::move(inner)), source_(source) {}

  Result<void> open() override;
  void close() noexcept override;
  bool exclusive() const noexcept override { return inner_->exclusive(); }
  Result<std::unique_ptr<StoreReader>> make_reader() override;
  Result<void> begin() override;
  Result<void> commit() override;
  void rollback() noexcept override { inner_->rollback(); }

  Result<TaskKey> new_task_key() override;
  Result<void> insert_task(TaskRow& row) override;
  Result<void> update_task(const TaskRow& row) override;
  Result<void> update_task_state(TaskKey key, const TaskState& state) override;
  Result<std::vector<TaskRow>> due_tasks(TimePoint now, std::size_t limit) override;
  Result<std::optional<TimePoint>> first_due() override;
  Result<void> put_calendar(const CalendarRow& row) override;
  Result<void> remove_calendar(std::string_view name) override;
  Result<std::optional<TaskKey>> find_unique(std::string_view created_by, std::string_view key) override;
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

  template <class F>
  auto read(F f) {
    return call([&] { return f(*inner_); });
  }

  /// Past the faults.
  Store& inner() noexcept { return *inner_; }
  bool is_open() const noexcept { return open_; }

 private:
  /// Forwards, unless fate has it otherwise.
  template <class F>
  auto call(F f) {
    using R = decltype(f());
    if (auto error = strike()) return R(std::move(*error));
    return f();
  }
  std::optional<Error> strike();
  void maybe_crash(const char* when);
  void maybe_dawdle();
  Result<void> commit_and_show();

  std::unique_ptr<Store> inner_;
  FaultSource& source_;
  Touched touched_{};
  std::string node_{};  ///< Known by its lease.
  bool open_ = false;
};

}  // namespace taskcore::sim
