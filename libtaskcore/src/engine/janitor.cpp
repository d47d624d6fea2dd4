#include "engine/janitor.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "engine/tasks.hpp"

namespace taskcore {
namespace {

constexpr Duration kLongestPause{60000};
constexpr Duration kShortestPause{1000};
constexpr Duration kBetweenBatches{50};
// A batch that was full is followed by a larger one at once: with many short runs there is as much to take as is made.
// The largest still holds the lane for some milliseconds only.
constexpr std::size_t kLeastRows = 500;
constexpr std::size_t kMostRows = 4000;

/// Short enough that what is stored beyond its age is little beside what is stored within it.
Duration pause_of(const Retention& retention) {
  Duration least = kLongestPause;
  for (const Duration age : {retention.runs, retention.logs, retention.audit}) {
    if (age.count() > 0) least = std::min(least, age / 10);
  }
  return std::max(least, kShortestPause);
}

/// Gives whether more of them are left.
bool remove_spent(Ledger& ledger, TimePoint before, std::size_t limit) {
  const auto keys = check(ledger.store().spent_once_tasks(before, limit));
  for (const TaskKey key : keys) {
    const Entry* entry = ledger.get(key);
    if (entry != nullptr && !entry->row.deleted) static_cast<void>(remove_task(ledger, entry->row.id, {}, {}));
  }
  return keys.size() == limit;
}

/// Of the trail all but the newest `most`; its numbers have no gaps. Gives how many went.
std::size_t prune_audit_beyond(Store& store, std::size_t most, std::size_t limit) {
  const AuditEnds ends = check(store.audit_ends());
  const auto there = static_cast<std::size_t>(ends.last.seq - ends.anchor.seq);
  if (there <= most) return 0;
  return check(store.prune_audit(TimePoint::max(), std::min(there - most, limit)));
}

}  // namespace

Janitor::Swept Janitor::sweep_some(Ledger& ledger, const Retention& retention, RunKey after, bool spent,
                                   std::size_t rows) {
  Swept out;
  Store& store = ledger.store();
  ledger.flush();  // what this very batch started or ended counts
  if (retention.runs.count() > 0) {
    const TimePoint before = ledger.now() - retention.runs;
    const auto pruned = check(store.prune_runs({before, retention.keep_newest, after, rows, ledger.now()}));
    out.next_run = pruned.next;
    out.full = pruned.removed >= rows / 2;
    out.more = pruned.next != 0;
    if (after == 0 || spent) out.spent = remove_spent(ledger, before, rows / 10);
    out.full |= out.spent;
  }
  if (retention.logs.count() > 0) {
    out.full |= check(store.prune_logs(ledger.now() - retention.logs, rows)) == rows;
  }
  if (retention.audit.count() > 0) {
    out.full |= check(store.prune_audit(ledger.now() - retention.audit, rows)) == rows;
  }
  if (retention.audit_rows > 0) {
    out.full |= prune_audit_beyond(store, retention.audit_rows, rows) == rows;
  }
  out.full |= check(store.prune_rates(ledger.now(), rows)) == rows;
  out.full |= check(store.prune_idempotency(ledger.now(), rows)) == rows;
  ledger.flush();
  const std::size_t removed = check(store.prune_deleted_tasks(rows));
  out.full |= removed >= rows / 2;
  out.more |= out.full || removed > 0;
  return out;
}

Janitor::Janitor(StoreLane& lane, std::shared_ptr<Clock> clock, boost::asio::any_io_executor strand,
                 Retention retention)
    : lane_(lane), strand_(strand), timer_(clock->make_timer(strand)), retention_(retention), rows_(kLeastRows) {}

void Janitor::start() {
  running_ = true;
  arm(kShortestPause);  // A program that never lives for long prunes, too.
}

void Janitor::stop() {
  running_ = false;
  timer_.reset();
}

void Janitor::arm(Duration delay) {
  timer_->arm_after(delay, [this] { sweep(); });
}

void Janitor::sweep() {
  lane_.call<Swept>([retention = retention_, after = next_run_, spent = spent_left_, rows = rows_](
                        Ledger& ledger) -> Result<Swept> { return sweep_some(ledger, retention, after, spent, rows); },
                    [this, strand = strand_, alive = std::weak_ptr<bool>(alive_)](Result<Swept> swept) {
                      boost::asio::post(strand, [this, alive, swept] {
                        if (alive.lock() && running_) go_on(swept ? *swept : Swept{});
                      });
                    },
                    true);
}

void Janitor::go_on(const Swept& swept) {
  next_run_ = swept.next_run;
  spent_left_ = swept.spent;
  rows_ = swept.full ? std::min(2 * rows_, kMostRows) : kLeastRows;
  if (swept.full) return sweep();  // behind all that waits for the lane by now
  arm(swept.more ? kBetweenBatches : pause_of(retention_));
}

}  // namespace taskcore
