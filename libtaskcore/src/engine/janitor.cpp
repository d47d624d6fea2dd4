#include "engine/janitor.hpp"

#include <boost/asio/post.hpp>

#include "engine/tasks.hpp"

namespace taskcore {
namespace {

constexpr Duration kBetweenSweeps{60000};
constexpr Duration kBetweenBatches{50};
constexpr std::size_t kRowsInBatch = 500;
constexpr std::size_t kTasksInBatch = 50;

/// What one batch did: where to go on with runs, and whether anything is left to do.
struct Swept {
  RunKey next_run = 0;
  bool more = false;
};

void remove_spent(Ledger& ledger, TimePoint before) {
  for (const TaskKey key : check(ledger.store().spent_once_tasks(before, kTasksInBatch))) {
    const Entry* entry = ledger.get(key);
    if (entry != nullptr && !entry->row.deleted) static_cast<void>(remove_task(ledger, entry->row.id, {}, {}));
  }
}

Swept sweep_some(Ledger& ledger, const Retention& retention, RunKey after) {
  Swept out;
  Store& store = ledger.store();
  ledger.flush();  // what this very batch started or ended counts
  if (retention.runs.count() > 0) {
    const TimePoint before = ledger.now() - retention.runs;
    const auto pruned = check(store.prune_runs({before, retention.keep_newest, after, kRowsInBatch}));
    out.next_run = pruned.next;
    out.more = pruned.next != 0;
    if (after == 0) remove_spent(ledger, before);
  }
  if (retention.logs.count() > 0) {
    out.more |= check(store.prune_logs(ledger.now() - retention.logs, kRowsInBatch)) == kRowsInBatch;
  }
  ledger.flush();
  out.more |= check(store.prune_deleted_tasks(kRowsInBatch)) > 0;
  return out;
}

}  // namespace

Janitor::Janitor(StoreLane& lane, std::shared_ptr<Clock> clock, boost::asio::any_io_executor strand,
                 Retention retention)
    : lane_(lane), strand_(strand), timer_(clock->make_timer(strand)), retention_(retention) {}

void Janitor::start() {
  running_ = true;
  arm(kBetweenSweeps);
}

void Janitor::stop() {
  running_ = false;
  timer_.reset();
}

void Janitor::arm(Duration delay) {
  timer_->arm_after(delay, [this] { sweep(); });
}

void Janitor::sweep() {
  lane_.call<Swept>([retention = retention_, after = next_run_](
                        Ledger& ledger) -> Result<Swept> { return sweep_some(ledger, retention, after); },
                    [this, strand = strand_, alive = std::weak_ptr<bool>(alive_)](Result<Swept> swept) {
                      boost::asio::post(strand, [this, alive, swept] {
                        if (!alive.lock() || !running_) return;
                        next_run_ = swept ? swept->next_run : 0;
                        arm(swept && swept->more ? kBetweenBatches : kBetweenSweeps);
                      });
                    },
                    true);
}

}  // namespace taskcore
