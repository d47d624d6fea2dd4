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

/// How many runs behind a suspect are looked at.
constexpr std::size_t kLookPast = 16;

bool is_suspect(const RunRow& row) { return row.losses >= kSuspectLosses; }

void begin(Ledger& ledger, RunRow& row) {
  Entry* entry = ledger.get(row.task);
  if (entry == nullptr) return;
  const bool suspect = is_suspect(row);
  begin_attempt(row, ledger.node(), entry->row.version, ledger.now());
  if (!check(ledger.store().start_run(row))) return;
  entry->row.state.running += 1;
  ledger.touch(*entry);
  ledger.started(*entry, std::make_shared<const RunRow>(std::move(row)));
  if (suspect) ledger.slots().set_alone(true);  // until its slot is given back; so not before it has one
}

/// The first ready runs of one queue and priority, as many as it takes to have `limit` among them that are no suspects.
std::vector<RunRow> find_ready(Ledger& ledger, const std::string& queue, Priority priority, std::size_t limit) {
  const auto look = [&](std::size_t most) {
    return check(ledger.store().ready_runs(queue, priority, ledger.now(), most));
  };
  std::size_t most = limit;
  auto rows = look(most);
  const auto too_few = [&] {
    const auto suspects = static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), is_suspect));
    return rows.size() == most && rows.size() - suspects < limit;
  };
  while (too_few()) {
    most = 2 * most + kLookPast;
    rows = look(most);
  }
  return rows;
}

/// Claims up to `limit` runs of one queue and priority, and gives how many there were. A suspect waits for an empty
/// node; it is passed over, so that it does not hold up those behind it.
int claim_some(Ledger& ledger, const std::string& queue, Priority priority, int limit, bool& passed_over) {
  if (limit <= 0) return 0;
  auto rows = find_ready(ledger, queue, priority, static_cast<std::size_t>(limit));
  int claimed = 0;
  for (RunRow& row : rows) {
    if (claimed == limit || ledger.slots().alone()) break;
    if (is_suspect(row) && ledger.slots().used() > 0) {
      ledger.slots().set_suspect_waits(true);
      passed_over = true;
      continue;
    }
    begin(ledger, row);
    ++claimed;
  }
  return claimed;
}

/// Claims from one queue. False when more may be ready than was claimed.
bool drain_queue(Ledger& ledger, const std::string& queue) {
  int left = std::min(ledger.slots().free(queue), kMaxClaimsAtOnce);
  const auto shares = ledger.slots().shares(queue, left);
  std::array<bool, 3> dry{};
  bool passed_over = false;
  for (const Priority priority : kByRank) {
    const auto rank = static_cast<std::size_t>(priority);
    const int claimed = claim_some(ledger, queue, priority, shares[rank], passed_over);
    dry[rank] = claimed < shares[rank];
    left -= claimed;
  }
  // What one priority leaves unused passes on.
  for (const Priority priority : kByRank) {
    const auto rank = static_cast<std::size_t>(priority);
    if (dry[rank] || left <= 0) continue;
    const int claimed = claim_some(ledger, queue, priority, left, passed_over);
    dry[rank] = claimed < left;
    left -= claimed;
  }
  return dry[0] && dry[1] && dry[2] && !ledger.slots().alone() && !passed_over;
}

/// An empty node is what a suspect waits for: there it goes before all others.
void claim_suspect(Ledger& ledger) {
  for (const std::string& queue : ledger.backlog()) {
    if (ledger.slots().free(queue) == 0) continue;
    for (const Priority priority : kByRank) {
      auto rows = check(ledger.store().ready_runs(queue, priority, ledger.now(), kLookPast));
      const auto suspect = std::find_if(rows.begin(), rows.end(), is_suspect);
      if (suspect != rows.end()) return begin(ledger, *suspect);
    }
  }
  ledger.slots().set_suspect_waits(false);
}

}  // namespace

void claim_ready(Ledger& ledger) {
  auto& backlog = ledger.backlog();
  if (ledger.slots().suspect_waits() && ledger.slots().used() == 0) claim_suspect(ledger);
  for (auto it = backlog.begin(); it != backlog.end();) {
    if (ledger.slots().alone()) return;
    const bool drained = ledger.slots().free(*it) > 0 && drain_queue(ledger, *it);
    it = drained ? backlog.erase(it) : std::next(it);
  }
}

}  // namespace taskcore
