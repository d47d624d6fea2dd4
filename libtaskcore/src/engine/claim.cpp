#include "engine/claim.hpp"

#include <algorithm>
#include <array>

#include "engine/transitions.hpp"

namespace taskcore {
namespace {

/// A run that took its process down this often is claimed alone, so that it does not take its neighbours along.
constexpr int kSuspectLosses = 2;
/// Claims in one transaction: bounds how long one commit takes.
constexpr int kMaxClaimsAtOnce = 1000;

constexpr std::array kByRank{Priority::high, Priority::normal, Priority::low};

/// Begins `row`. False when it must wait until the node is empty.
bool begin(Ledger& ledger, RunRow& row) {
  const bool suspect = row.losses >= kSuspectLosses;
  if (suspect && ledger.slots().used() > 0) return false;
  Entry* entry = ledger.get(row.task);
  if (entry == nullptr) return true;
  begin_attempt(row, ledger.node(), entry->row.version, ledger.now());
  if (!check(ledger.store().start_run(row))) return true;
  entry->row.state.running += 1;
  ledger.touch(*entry);
  ledger.started(*entry, std::make_shared<const RunRow>(std::move(row)));
  if (suspect) ledger.slots().set_alone(true);  // until its slot is given back; so not before it has one
  return true;
}

/// Claims up to `limit` runs of one queue and priority. Gives how many there were, or -1 when a suspect waits for an
/// empty node.
int claim_some(Ledger& ledger, const std::string& queue, Priority priority, int limit) {
  if (limit <= 0) return 0;
  auto rows = check(ledger.store().ready_runs(queue, priority, ledger.now(), static_cast<std::size_t>(limit)));
  for (RunRow& row : rows) {
    const bool suspect = row.losses >= kSuspectLosses;
    if (!begin(ledger, row)) return -1;
    if (suspect) return -1;
  }
  return static_cast<int>(rows.size());
}

/// Claims from one queue. False when more may be ready than was claimed.
bool drain_queue(Ledger& ledger, const std::string& queue) {
  int left = std::min(ledger.slots().free(queue), kMaxClaimsAtOnce);
  const auto shares = ledger.slots().shares(queue, left);
  std::array<bool, 3> dry{};
  for (const Priority priority : kByRank) {
    const auto rank = static_cast<std::size_t>(priority);
    const int claimed = claim_some(ledger, queue, priority, shares[rank]);
    if (claimed < 0) return false;
    dry[rank] = claimed < shares[rank];
    left -= claimed;
  }
  // What one priority leaves unused passes on.
  for (const Priority priority : kByRank) {
    const auto rank = static_cast<std::size_t>(priority);
    if (dry[rank] || left <= 0) continue;
    const int claimed = claim_some(ledger, queue, priority, left);
    if (claimed < 0) return false;
    dry[rank] = claimed < left;
    left -= claimed;
  }
  return dry[0] && dry[1] && dry[2];
}

}  // namespace

void claim_ready(Ledger& ledger) {
  auto& backlog = ledger.backlog();
  for (auto it = backlog.begin(); it != backlog.end();) {
    if (ledger.slots().alone()) return;
    const bool drained = ledger.slots().free(*it) > 0 && drain_queue(ledger, *it);
    it = drained ? backlog.erase(it) : std::next(it);
  }
}

}  // namespace taskcore
