// How much the tasks of one creator may take up, and how much they do.
#pragma once

#include <cstdint>

namespace taskcore {

/// What the tasks of one creator (Task::created_by) take up. What ended runs leave behind, results and logs too, is
/// retention's business and is not in it.
struct Usage {
  std::int64_t tasks = 0;  ///< Tasks that are not deleted.
  std::int64_t runs = 0;   ///< Their runs that have not ended, whoever asked for them; items of a run are not counted.
  std::int64_t bytes = 0;  ///< The specs of these tasks as stored, and the parameters of these runs, as UTF-8 text.
};

/// The most of each that one creator may have; 0: as much as they like.
///
/// Calls that would make more than that of what is limited give the error `over_quota` and do nothing: those that make
/// or enlarge tasks, and those that ask for runs. What the scheduler makes by itself is counted, but never refused:
/// runs that are due or follow others, retries, and what notifications make. Tasks without a creator have no limit, and
/// a limit below what is there takes nothing away.
struct Quota {
  std::int64_t tasks = 0;
  std::int64_t runs = 0;
  std::int64_t bytes = 0;

  bool any() const noexcept { return tasks > 0 || runs > 0 || bytes > 0; }
};

}  // namespace taskcore
