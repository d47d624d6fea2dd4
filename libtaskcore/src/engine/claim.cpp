#include "engine/claim.hpp"

#include <algorithm>
#include <array>

#include "engine/admission.hpp"
#include "engine/fan_out.hpp"
#include "engine/transitions.hpp"

namespace taskcore {
namespace {

/// Claims in one transaction: bounds how long one commit takes.
constexpr int kMaxClaimsAtOnce = 1000;

constexpr std::array kByRank{Priority::high, Priority::normal, Priority::low};

/// Runs that are made into items in one transaction, and these items, at about most.
constexpr std::size_t kMaxMadeAtOnce = 1000;

/// How many runs behind a suspect are looked at.
constexpr std::size_t kLookPast = 16;

/// How many keys are asked for their first run at a time.
constexpr std::size_t kKeysAtOnce = 64;

void begin(Ledger& ledger, Entry& entry, RunRow& row) {
  begin_attempt(row, ledger.node(), entry.row.version, ledger.now());
  if (!check(ledger.store().start_run(row))) return;
  entry.row.state.running += 1;
  ledger.touch(entry);
  ledger.started(entry, std::make_shared<const RunRow>(std::move(row)));
}

/// Claims from one queue, for one look at it.
class Drain {
 public:
  Drain(Ledger& ledger, const std::string& queue) : ledger_(ledger), queue_(queue), admission_(ledger, queue) {}

  /// False when more may be ready than was claimed.
  bool run();

  /// The run at which the look ended, since it is to be made into items: what comes next is to be seen by another look.
  const std::optional<RunRow>& to_fan_out() const noexcept { return to_fan_out_; }

 private:
  int claim(Priority priority, int limit);
  int claim_without_key(Priority priority, int limit);
  int claim_by_key(Priority priority, int limit);
  int one_turn(Priority priority, int limit);
  bool is_over() const { return ledger_.slots().alone() || to_fan_out_; }
  bool is_early(const RunRow& row);
  bool claim_one(RunRow& row);
  std::vector<RunRow> find_without_key(Priority priority, std::size_t limit);

  Ledger& ledger_;
  const std::string& queue_;
  Admission admission_;
  bool passed_over_ = false;  // a suspect waits
  bool keys_seen_ = false;
  std::optional<RunRow> to_fan_out_{};
};

bool Drain::run() {
  int left = std::min(admission_.room(), kMaxClaimsAtOnce);
  const auto shares = ledger_.slots().shares(queue_, left);
  std::array<bool, 3> dry{};
  for (const Priority priority : kByRank) {
    if (to_fan_out_) break;
    const auto rank = static_cast<std::size_t>(priority);
    const int claimed = claim(priority, shares[rank]);
    dry[rank] = claimed < shares[rank];
    left -= claimed;
  }
  // What one priority leaves unused passes on.
  for (const Priority priority : kByRank) {
    const auto rank = static_cast<std::size_t>(priority);
    if (dry[rank] || left <= 0 || to_fan_out_) continue;
    const int claimed = claim(priority, left);
    dry[rank] = claimed < left;
    left -= claimed;
  }
  admission_.finish();
  const bool all_dry = dry[0] && dry[1] && dry[2] && !is_over() && !passed_over_;
  if (all_dry && !keys_seen_) ledger_.backlog().has_no_keys(queue_);
  return all_dry;
}

/// Claims up to `limit` runs of one priority, and gives how many there were. Runs without a key and those with one take
/// turns.
int Drain::claim(Priority priority, int limit) {
  if (limit <= 0) return 0;
  if (!ledger_.backlog().may_have_keys(queue_)) return claim_without_key(priority, limit);
  const int share = ledger_.slots().share_without_key(queue_, priority, limit);
  int claimed = claim_without_key(priority, share);
  const bool more = claimed == share;
  if (!to_fan_out_) claimed += claim_by_key(priority, limit - claimed);
  if (more && claimed < limit && !to_fan_out_) claimed += claim_without_key(priority, limit - claimed);
  return claimed;
}

/// Whether the clock was set back after it was let go: it waits for its instant anew.
bool Drain::is_early(const RunRow& row) {
  if (row.ready_at <= ledger_.now()) return false;
  ledger_.backlog().wait_until(queue_, row.ready_at);
  return true;
}

/// False when it must be left. A suspect waits for an empty node; it is passed over, so that it does not hold up those
/// behind it.
bool Drain::claim_one(RunRow& row) {
  Entry* const entry = ledger_.get(row.task);
  if (entry == nullptr) return false;
  if (is_to_fan_out(*entry, row)) {
    to_fan_out_ = std::move(row);
    return false;
  }
  if (is_suspect(row) && ledger_.slots().used() > 0) {
    ledger_.slots().set_suspect(row.id);
    passed_over_ = true;
    return false;
  }
  if (!admission_.admits(row)) return false;
  admission_.count(row);
  begin(ledger_, *entry, row);
  return true;
}

/// The first ready runs, as many as it takes to have `limit` among them that are no suspects.
std::vector<RunRow> Drain::find_without_key(Priority priority, std::size_t limit) {
  const auto look = [&](std::size_t most) { return check(ledger_.store().ready_runs(queue_, priority, {}, most)); };
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

int Drain::claim_without_key(Priority priority, int limit) {
  if (limit <= 0) return 0;
  auto rows = find_without_key(priority, static_cast<std::size_t>(limit));
  int claimed = 0;
  for (RunRow& row : rows) {
    if (claimed == limit || is_over() || is_early(row)) break;
    if (claim_one(row)) ++claimed;
  }
  return claimed;
}

/// Round robin: each key's first run, in the order of the keys from the one on that was served last, as often as it
/// takes.
int Drain::claim_by_key(Priority priority, int limit) {
  int claimed = 0;
  while (claimed < limit && !is_over()) {
    const int more = one_turn(priority, limit - claimed);
    if (more == 0) break;
    claimed += more;
  }
  return claimed;
}

int Drain::one_turn(Priority priority, int limit) {
  std::string& place = ledger_.slots().place_in_ring(queue_, priority);
  const std::string start = place;
  std::string after = start;
  bool wrapped = false;
  int claimed = 0;
  for (;;) {
    const std::size_t most = std::min(kKeysAtOnce, static_cast<std::size_t>(limit - claimed));
    auto rows = check(ledger_.store().first_ready_of_keys(queue_, priority, after, most));
    for (RunRow& row : rows) {
      after = row.concurrency_key;
      if (wrapped && after > start) return claimed;
      keys_seen_ = true;
      if (is_early(row)) continue;
      if (claim_one(row)) {
        place = after;
        ++claimed;
      }
      if (claimed == limit || is_over()) return claimed;
    }
    if (rows.size() == most) continue;
    if (wrapped || start.empty()) return claimed;
    wrapped = true;
    after.clear();
  }
}

/// An empty node is what a suspect waits for: there it goes before all others.
void claim_suspect(Ledger& ledger) {
  auto row = check(ledger.store().find_run(ledger.slots().suspect()));
  ledger.slots().set_suspect(0);
  if (!row || row->state != RunState::ready || row->delayed || row->ready_at > ledger.now()) return;
  Entry* const entry = ledger.get(row->task);
  if (entry == nullptr) return;
  const std::string queue = row->queue;
  Admission admission(ledger, queue);
  if (admission.room() == 0 || !admission.admits(*row)) return;
  admission.count(*row);
  begin(ledger, *entry, *row);
  admission.finish();
}

/// Makes the run at which a look ended into items. False when enough were made for one transaction: the rest is for the
/// next.
bool make_items(Ledger& ledger, const RunRow& run, std::size_t& left) {
  if (left == 0) {
    ledger.backlog().wait_until(run.queue, ledger.now());
    return false;
  }
  const std::size_t made = 1 + fan_out(ledger, *ledger.get(run.task), run);
  left -= std::min(left, made);
  return true;
}

/// Looks at every queue of which something may be ready. Gives whether a run was made into items.
bool look_at_all(Ledger& ledger, std::size_t& left) {
  bool made = false;
  auto& queues = ledger.backlog().queues();
  for (auto it = queues.begin(); it != queues.end();) {
    if (ledger.slots().alone()) return false;
    Drain look(ledger, *it);
    const bool drained = look.run();
    if (look.to_fan_out() && make_items(ledger, *look.to_fan_out(), left)) {
      made = true;  // and this queue is looked at again
    } else {
      it = drained ? queues.erase(it) : std::next(it);
    }
  }
  return made;
}

}  // namespace

void claim_ready(Ledger& ledger) {
  ledger.backlog().wake(ledger.now());
  if (ledger.slots().suspect() != 0 && ledger.slots().used() == 0) claim_suspect(ledger);
  // Items, and what follows a run that has none, may be ready in any queue: then all are looked at again.
  std::size_t left = kMaxMadeAtOnce;
  while (look_at_all(ledger, left)) {
  }
}

}  // namespace taskcore
