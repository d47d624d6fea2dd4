// From what a user says of a task to what is stored: defaults, ranges, the executor's own check, the schedule. Needs no
// store.
#pragma once

#include <string>

#include "engine/definition.hpp"
#include "taskcore/options.hpp"

namespace taskcore {

class Registry;

/// A spec that has passed every check that needs no store.
struct Prepared {
  StoredSpec stored{};
  Schedule schedule{};
  TimePoint anchor{};
  std::string text{};  ///< `stored` as it is kept; empty: not made yet.
  TaskSpec told{};  ///< What the answer to a create will say. A copy made beforehand costs the store's thread nothing.
};

/// Checks `spec` and resolves its schedule as set at `now`. Errors: `invalid`, with every field that is wrong.
Result<Prepared> prepare(TaskSpec spec, const Options& options, const Registry& registry, TimePoint now);

/// Refuses a schedule, just set, that will never be due. Errors: `invalid`.
Result<void> check_has_instant(const Prepared& prepared);

/// Writes what `prepared` says into `row` and takes its text; not its key, id, dates, upstreams and state.
void fill_row(TaskRow& row, Prepared& prepared);

/// Whether both specs have the same schedule, the first as its user wrote it.
bool same_schedule(const TaskSpec& spec, const std::string& source, const TaskSpec& other,
                   const std::string& other_source);

}  // namespace taskcore
