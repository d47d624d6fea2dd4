#include "engine/settle.hpp"

#include "engine/fan_out.hpp"
#include "engine/notify.hpp"
#include "engine/place.hpp"

namespace taskcore {
namespace {

constexpr std::size_t kRunsAtOnce = 500;

/// False, with nothing written, when the run has moved on, or is gone with its task.
bool write_end(Ledger& ledger, RunRow& row, const AttemptEnd& end) {
  Entry* entry = ledger.get(row.task);
  if (entry == nullptr) return false;
  const int retries_before = row.retries_used;
  end_attempt(row, entry->definition->spec(), end, ledger.now(), ledger.draw());
  if (entry->row.deleted && !is_settled(row.state)) cancel_unstarted(row, "task_deleted", ledger.now());
  if (!check(ledger.store().settle_run(row))) return false;

  entry->row.state.running -= 1;
  ledger.touch(*entry);
  RunCounts& counts = ledger.report().counts;
  counts.attempts[static_cast<std::size_t>(row.attempt_status)] += 1;
  if (!is_settled(row.state) && row.retries_used > retries_before) counts.retries += 1;
  ledger.ended(row);
  if (is_settled(row.state) && row.item_of != 0) {
    count_item(ledger, *entry, row);
  } else if (is_settled(row.state)) {
    notify_end(ledger, *entry, row);
    count_settled(ledger, *entry, row);
    release_held(ledger, *entry);
  } else {
    ledger.emit(Event::Type::run_retrying, *entry, &row);
    ledger.note_ready(row);
  }
  return true;
}

/// The attempt is over here, whatever the run has become.
void let_go(Ledger& ledger, const Settlement& settlement) {
  RunRow gone = check(ledger.store().find_run(settlement.run)).value_or(RunRow{});
  gone.id = settlement.run;
  gone.fence = settlement.fence;
  ledger.ended_once(gone);
}

}  // namespace

void settle(Ledger& ledger, const Settlement& settlement) {
  const RunRow* held = ledger.held_unchanged(settlement.run, settlement.fence);
  auto row = held != nullptr ? std::optional<RunRow>(*held) : check(ledger.store().find_run(settlement.run));
  if (!row || row->state != RunState::running || row->fence != settlement.fence) return let_go(ledger, settlement);
  if (settlement.checkpoint) row->checkpoint = *settlement.checkpoint;
  // What is held may be out of date after a commit whose outcome nobody knew: that one may have written this very end.
  if (!write_end(ledger, *row, settlement.end)) return let_go(ledger, settlement);
  if (!settlement.lines.empty()) check(ledger.store().append_logs(settlement.lines));
}

void settle_lost(Ledger& ledger, RunRow row) {
  AttemptEnd end;
  end.lost = true;
  write_end(ledger, row, end);
}

RunKey recover_some(Ledger& ledger, RunKey after, const std::set<std::string, std::less<>>& living) {
  auto rows = check(ledger.store().running_runs(after, kRunsAtOnce));
  const bool more = rows.size() == kRunsAtOnce;
  for (RunRow& row : rows) {
    after = row.id;
    if (row.node == ledger.node()) continue;  // a node never declares its own runs lost
    if (!living.contains(row.node.view())) settle_lost(ledger, std::move(row));
  }
  return more ? after : 0;
}

}  // namespace taskcore
