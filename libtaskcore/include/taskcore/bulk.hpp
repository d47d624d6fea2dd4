// Calls on many runs at once: which runs they are about, and what they did.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "taskcore/query.hpp"

namespace taskcore {

/// What is to be done: see `cancel_runs`, `retry_runs`, `redrive` and `remove_runs` of the scheduler.
enum class BulkVerb : std::uint8_t { cancel, retry, redrive, remove };

/// The runs that a bulk call is about: those that a filter lets through, or those that are named. Exactly one of the
/// two is given.
struct RunSelection {
  /// As for a listing, newest first. One call takes up to 1,000 of them from `cursor` on; `limit` and `oldest_first`
  /// are not read.
  std::optional<RunQuery> filter{};
  std::optional<std::vector<std::string>> ids{};  ///< 1 to 1,000, each once.
  bool dry_run = false;                           ///< Only tell what would be done.
};

/// What a bulk call did, or would do.
struct BulkRuns {
  std::size_t matched = 0;          ///< Runs that the call is for, and that the caller may have it done with.
  std::vector<std::string> ids{};   ///< Those of them with which it was done, oldest first.
  std::vector<std::string> made{};  ///< The new run of each, where runs were repeated; empty for a dry run.
  std::string next_cursor{};        ///< Not empty: the filter may have more; to go on, this is its `cursor`.
};

}  // namespace taskcore
