// The engine's work inside one transaction of the store: the rows at hand, what changed, and what is to be told after
// the commit. Lives on the store's thread. The operations on it are the files around it (tasks, runs, claim, settle,
// …).
//
// An operation that refuses returns an Error and has written nothing. A store that fails throws StoreFailure, which
// ends the whole batch: the lane rolls back and every caller of the batch is told.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/backlog.hpp"
#include "engine/definition.hpp"
#include "engine/left_rows.hpp"
#include "engine/slots.hpp"
#include "engine/usage_book.hpp"
#include "taskcore/event.hpp"
#include "taskcore/metrics.hpp"
#include "taskcore/options.hpp"
#include "taskcore/queue.hpp"
#include "taskcore/store.hpp"

namespace taskcore {

class Registry;

/// Thrown through an operation when the store fails; caught by the lane.
struct StoreFailure {
  Error error;
};

template <class T>
T check(Result<T>&& result) {
  if (!result) throw StoreFailure{std::move(result).error()};
  return std::move(*result);
}
inline void check(Result<void>&& result) {
  if (!result) throw StoreFailure{std::move(result).error()};
}

/// A run that this node has begun, to be handed to its executor once the claim is durable.
struct Claim {
  std::shared_ptr<const RunRow> row{};
  std::shared_ptr<const Definition> definition{};
  boost::json::object dependencies{};
};

/// A running attempt whose run's cancellation has become durable.
struct StopRequest {
  RunKey run = 0;
  std::int64_t fence = 0;
  std::string reason{};
};

/// A running attempt whose run got a signal.
struct Signalled {
  RunKey run = 0;
  std::int64_t fence = 0;
  SharedText value{};
};

/// An attempt that is over; `settled` when its run is too.
struct Ended {
  RunKey run = 0;
  std::int64_t fence = 0;
  bool settled = false;
};

/// What a commit has made true.
struct BatchReport {
  std::vector<Claim> claims{};
  std::vector<StopRequest> stops{};
  std::vector<Signalled> signals{};
  std::vector<Ended> ended{};
  std::vector<Event> events{};
  std::optional<TimePoint> wake_at{};                      ///< When the next instant or retry is due.
  std::vector<std::shared_ptr<const Definition>> spent{};  ///< To be freed where they were made, not by the lane.
  RunCounts counts{};
};

/// A task in the ledger's hands: the row as the transaction sees it.
struct Entry {
  TaskRow row{};
  std::shared_ptr<const Definition> definition{};
  bool state_dirty = false;
  bool none_held = false;                            ///< Known: none of its runs is held. Else the store knows.
  std::int64_t spec_bytes = 0;                       ///< As stored; 0 for a tombstone.
  std::optional<std::vector<TaskKey>> dependents{};  ///< Loaded when first asked for.
};

class Ledger {
 public:
  Ledger(Store& store, const Options& options, const Registry& registry, Random& random, std::string node);

  // The batch, driven by the lane.
  void begin(TimePoint now, std::chrono::nanoseconds monotonic);
  void finish();  ///< Opens gates, turns due instants into runs, claims, writes the tasks that moved.
  BatchReport committed();
  void rolled_back() noexcept;
  /// After the store was opened anew because the outcome of a commit was unknown: what runs is settled anew.
  void reconcile();

  /// On a shared store: passes on what other nodes did to the attempts of this one.
  void heed_others();

  // What operations use.
  Store& store() noexcept { return store_; }
  const Options& options() const noexcept { return options_; }
  const Registry& registry() const noexcept { return registry_; }
  std::uint64_t draw() { return random_.next(); }
  Random& random() noexcept { return random_; }
  const SharedText& node() const noexcept { return node_; }
  TimePoint now() const noexcept { return now_; }

  /// The live task of this id; null when there is none. Pointers stay good for the batch.
  Entry* find(std::string_view id);
  /// The task of this key, tombstones included; null when there is none.
  Entry* get(TaskKey key);
  Entry& adopt(TaskRow row);
  /// The same for a row whose definition is at hand.
  Entry& adopt(TaskRow row, std::shared_ptr<const Definition> definition);
  /// Writes a task that is new, as it stands by now.
  void insert(Entry& entry);
  /// Notes that `entry.row.state` moved.
  void touch(Entry& entry);
  /// Writes the states that moved: before the store is asked something that depends on the states of tasks.
  void flush();
  /// Writes `entry.row` whole and reads its definition anew.
  void store_task(Entry& entry);
  /// The calendars, as the transaction sees them.
  const FindCalendar& calendars() const noexcept { return find_calendar_; }
  /// A calendar was written.
  void forget_calendar(const std::string& name);
  /// Reads the definition of `entry` anew: its calendar was written.
  void read_anew(Entry& entry) { entry.definition = check(make_definition(entry.row, find_calendar_)); }
  /// What the queue is set to, as the transaction sees it.
  const QueueSpec& rules(const std::string& queue);
  /// The queue was set anew: it is looked at.
  void forget_rules(const std::string& queue);
  const std::vector<TaskKey>& dependents(Entry& entry);
  /// Forgets who depends on these tasks, because edges changed.
  void forget_dependents(const std::vector<TaskKey>& upstreams);

  /// Something about `entry` moved that waiting runs of its dependents may have waited for.
  void upstream_moved(Entry& entry);
  void recheck_gate(TaskKey task) { gates_.insert(task); }

  void note_due(const std::optional<TimePoint>& at);  ///< An instant was stored.
  void note_ready(const RunRow& row);                 ///< A run was made ready.
  /// Counts it, and tells it where anybody listens.
  void emit(Event::Type type, const Entry& entry, const RunRow* run = nullptr);
  void log(const Entry& entry, const RunRow* run, LogLevel level, std::string message, std::string data = {});

  /// How many runs of the key run, on whatever node.
  int running_with_key(const std::string& key);
  /// Books an attempt that has been written as running.
  void started(Entry& entry, std::shared_ptr<const RunRow> row);
  /// The same of a run whose items begin in its place.
  void begun(Entry& entry, const std::shared_ptr<const RunRow>& row);
  void ended(const RunRow& row);
  /// The same where this batch may have booked that end already: of a run that is not running under that fence. An
  /// attempt of it may be booked here all the same: one whose end another node wrote, or a commit whose outcome nobody
  /// learned.
  void ended_once(const RunRow& row);

  /// Books that a run of the task, which is no item, is live from now on, or no longer.
  void book_live(Entry& entry, const RunRow& run, bool live);
  UsageBook& usages() noexcept { return usages_; }
  /// Whose call at hand is held to the quota; empty: nobody is named. None: it is not held to it.
  const std::optional<std::string>& limited() const noexcept { return limited_; }
  void set_limited(std::optional<std::string> asker) noexcept { limited_ = std::move(asker); }

  Slots& slots() noexcept { return slots_; }
  BatchReport& report() noexcept { return report_; }
  Backlog& backlog() noexcept { return backlog_; }
  /// The row of an attempt that this node runs; null when it does not run it under this fence.
  const RunRow* held(RunKey run, std::int64_t fence) const;
  /// The same when nobody can have changed the row since, so that the store need not be asked.
  const RunRow* held_unchanged(RunKey run, std::int64_t fence) const;

  // Set through jobs of the lane.
  void set_claiming(bool claiming) noexcept;
  bool claiming() const noexcept { return claiming_; }
  /// The next batch looks at the store for what is due, whatever it believes.
  void look_again() noexcept { hints_known_ = false; }
  TimePoint attentive_since() const noexcept { return attentive_since_; }
  /// Set from any thread: whether anybody listens to events.
  std::atomic<bool> events_wanted{false};

 private:
  bool has_left(RunKey run, std::int64_t fence) const;
  RunRow* renew_held(RunKey run, std::int64_t fence);
  void look_for_key(const std::string& key);
  void count(Event::Type type, const RunRow& run);
  void forget_spent();
  void open_gates();
  void claim();
  void tell_of_late();
  void turn_due_into_runs();
  void wake_delayed();
  void shrink_cache();
  void keep_lease();
  void drop_cache() noexcept;
  Result<ClosedDays> closed_days(std::string_view name);

  Store& store_;
  const Options& options_;
  const Registry& registry_;
  Random& random_;
  const SharedText node_;

  // Outlives batches; each is put back or read anew when a batch fails.
  std::unordered_map<TaskKey, std::unique_ptr<Entry>> entries_{};
  std::unordered_map<std::string, TaskKey> keys_{};  // of those that were asked for by id
  std::map<std::string, ClosedDays, std::less<>> closed_days_{};
  FindCalendar find_calendar_ = [this](std::string_view name) { return closed_days(name); };
  std::map<std::string, QueueSpec, std::less<>> rules_{};
  Slots slots_;
  bool slots_known_ = true;  // else to be counted anew from `active_`
  std::unordered_map<RunKey, std::shared_ptr<const RunRow>>
      active_{};  // the attempts that this node runs, as committed
  LeftRows left_{};
  Backlog backlog_{};
  UsageBook usages_{};
  std::optional<TimePoint> next_due_{};
  std::optional<TimePoint> next_delayed_{};
  bool hints_known_ = false;
  bool claiming_ = false;
  TimePoint attentive_since_{};
  Duration wall_offset_{};  // wall minus monotonic time: moves when the clock is set or the machine slept
  std::uint64_t event_seq_ = 0;

  // Of the open batch.
  bool lease_kept_ = false;
  std::optional<std::string> limited_{};
  TimePoint now_{};
  std::vector<Entry*> dirty_{};
  std::vector<TaskKey> spent_{};
  std::set<TaskKey> gates_{};
  std::vector<LogRow> logs_{};
  std::vector<std::shared_ptr<const RunRow>> begun_{};  // what has just begun, of tasks that tell somebody
  BatchReport report_{};
};

}  // namespace taskcore
