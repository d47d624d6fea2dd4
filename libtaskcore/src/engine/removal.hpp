// Settled runs that a user removes, as far as retention might: what it must leave stays here, too.
#pragma once

#include <vector>

#include "engine/ledger.hpp"

namespace taskcore {

/// A run in hand, and its task.
struct MatchedRun {
  Entry* entry = nullptr;
  RunRow run{};
};

/// Removes settled runs with their logs and items, but for items of a live run, a task's newest settled and newest
/// completed run, runs of a workflow of which one is live, and a workflow's own run while others of it are left. Gives
/// those that are gone, or would be.
std::vector<RunKey> remove_all(Ledger& ledger, std::vector<MatchedRun> runs, bool dry_run);

}  // namespace taskcore
