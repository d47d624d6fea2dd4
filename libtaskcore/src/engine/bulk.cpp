#include "engine/bulk.hpp"

#include <algorithm>
#include <unordered_map>

#include "engine/place.hpp"
#include "engine/quota.hpp"
#include "engine/removal.hpp"
#include "engine/runs.hpp"
#include "engine/tasks.hpp"
#include "model/ids.hpp"
#include "model/status.hpp"

namespace taskcore {
namespace {

/// Whether `verb` is for this run as it stands, and the filter still lets it through.
bool fits(Ledger& ledger, BulkVerb verb, const RunQuery& filter, const RunRow& run) {
  const auto& status = filter.status;
  if (!status.empty() && std::find(status.begin(), status.end(), status_of(run.state)) == status.end()) return false;
  if (verb == BulkVerb::cancel) return !is_settled(run.state) && !run.cancel_requested;
  if (verb != BulkVerb::remove && run.item_of != 0) return false;  // its run is repeated as a whole
  if (verb != BulkVerb::redrive && !filter.dead_letters) return is_settled(run.state);
  return run.state == RunState::failed && !check(ledger.store().is_repeated(run.id));
}

std::vector<MatchedRun> match(Ledger& ledger, BulkVerb verb, const ChosenRuns& chosen, const TaskGuard& guard) {
  std::vector<MatchedRun> out;
  std::unordered_map<TaskKey, Entry*> allowed;
  for (const RunKey id : chosen.ids) {
    auto run = check(ledger.store().find_run(id));
    if (!run || !fits(ledger, verb, chosen.filter, *run)) continue;
    const auto [place, is_new] = allowed.try_emplace(run->task, nullptr);
    if (is_new) {
      Entry* entry = ledger.get(run->task);
      if (entry != nullptr && !entry->row.deleted && ask(guard, ledger, *entry)) place->second = entry;
    }
    if (place->second != nullptr) out.push_back({place->second, std::move(*run)});
  }
  return out;
}

std::vector<RunKey> cancel_all(Ledger& ledger, std::vector<MatchedRun> runs, bool dry_run) {
  // Held ones first: else each cancellation would let the next one go.
  std::stable_partition(runs.begin(), runs.end(), [](const auto& each) { return each.run.state == RunState::held; });
  std::vector<RunKey> done;
  for (auto& [entry, run] : runs) {
    done.push_back(run.id);
    if (!dry_run) cancel_one(ledger, *entry, std::move(run), "cancelled");
  }
  return done;
}

Result<void> repeat_all(Ledger& ledger, const std::vector<MatchedRun>& runs, bool dry_run, BulkRuns& out) {
  std::unordered_map<const Entry*, std::int64_t> coming;
  Addition addition(ledger);
  for (const auto& [entry, run] : runs) {
    if (is_full(*entry, coming[entry]++)) return too_many_waiting(*entry);
    addition.runs(*entry, 1, run.params);
  }
  if (auto within = addition.fits(); !within) return within;
  for (const auto& [entry, run] : runs) {
    out.ids.push_back(run_id(run.id));
    if (!dry_run) out.made.push_back(run_id(place_again(ledger, *entry, run)->id));
  }
  return {};
}

}  // namespace

Result<BulkRuns> do_bulk(Ledger& ledger, BulkVerb verb, const ChosenRuns& chosen, const TaskGuard& guard) {
  auto runs = match(ledger, verb, chosen, guard);
  BulkRuns out;
  out.matched = runs.size();
  out.next_cursor = chosen.next_cursor;
  if (verb == BulkVerb::retry || verb == BulkVerb::redrive) {
    if (auto repeated = repeat_all(ledger, runs, chosen.dry_run, out); !repeated) return repeated.error();
    return out;
  }
  auto done = verb == BulkVerb::cancel ? cancel_all(ledger, std::move(runs), chosen.dry_run)
                                       : remove_all(ledger, std::move(runs), chosen.dry_run);
  std::sort(done.begin(), done.end());
  for (const RunKey id : done) out.ids.push_back(run_id(id));
  return out;
}

}  // namespace taskcore
