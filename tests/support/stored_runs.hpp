// What a store's file holds after its process was killed: whether it is sound, its runs, and whether any that had ended
// is another now.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "taskcore/store.hpp"

namespace taskcore::testing {

/// SQLite's own check of the file at `path`. Gives what is wrong, or nothing.
std::string check_integrity(const std::string& path);

/// That, and whether the rows agree with each other. Gives what is wrong first, or nothing.
std::string examine(const std::string& path);

std::map<RunKey, RunRow> read_runs(Store& store);

/// "completed", "failed" or "cancelled", as events say it; "not settled".
std::string_view status_of(RunState state) noexcept;

/// The settled runs as they were first seen. A run that is settled never changes, by not so much as a bit.
class FinalRuns {
 public:
  /// Gives the first run that has changed, or nothing. Those that are no longer stored are forgotten.
  std::string compare(const std::map<RunKey, RunRow>& stored);

 private:
  std::map<RunKey, std::size_t> seen_{};  ///< Hashes, since a long test sees many.
};

}  // namespace taskcore::testing
