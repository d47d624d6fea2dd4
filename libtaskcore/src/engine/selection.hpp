// Which runs a bulk call is about. A filter is read on the caller's thread, from a snapshot, so that a long history
// holds up nobody who waits for the store; what it found is asked again inside the transaction (bulk).
#pragma once

#include <string>
#include <vector>

#include "taskcore/bulk.hpp"
#include "taskcore/store.hpp"

namespace taskcore {

/// The most runs that one call takes.
constexpr std::size_t kMostRunsAtOnce = 1000;

/// What a selection has come to.
struct ChosenRuns {
  std::vector<RunKey> ids{};  ///< Growing.
  RunQuery filter{};          ///< What may have changed since is asked again: the status, and being a dead letter.
  bool dry_run = false;
  std::string next_cursor{};
};

/// Errors: `invalid` (neither or both of filter and ids, their number, an id that is given twice, the cursor),
/// `not_found` (no such task).
Result<ChosenRuns> choose_runs(StoreReader& reader, BulkVerb verb, RunSelection which);

}  // namespace taskcore
