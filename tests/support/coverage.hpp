// What became of a task's due instants: each must be a run, be coalesced into one, or be recorded as skipped; none
// twice.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "taskcore/schedule.hpp"
#include "taskcore/store.hpp"

namespace taskcore::testing {

struct Coverage {
  std::size_t runs = 0;       ///< Runs that the schedule made.
  std::size_t coalesced = 0;  ///< Instants that share the run of a later one.
  std::size_t skipped = 0;
  std::string fault{};  ///< What is wrong; empty: every instant is accounted for.

  Coverage& operator+=(const Coverage& other);
};

/// Reads all runs and log lines of `task` and holds them against its schedule, from its first instant to the next one
/// that is due. Precondition: none of them has been pruned, and the schedule was not edited.
Coverage cover(StoreReader& reader, const TaskRow& task);

}  // namespace taskcore::testing
