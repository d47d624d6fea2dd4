// From what a user says of a task to what is stored: defaults, ranges, the executor's own check, the schedule. Needs no
// store.
#pragma once

#include <memory>
#include <string>

#include "engine/definition.hpp"
#include "taskcore/options.hpp"

namespace taskcore {

class Registry;

/// A spec that has passed every check that needs no store.
struct Prepared {
  std::shared_ptr<Definition> definition{};  ///< Without key and version.
  TimePoint anchor{};
  SharedText text{};  ///< The stored spec as it is kept; empty: not made yet.
  TaskSpec told{};  ///< What the answer to a create will say. A copy made beforehand costs the store's thread nothing.

  StoredSpec& stored() const noexcept { return definition->stored; }
  const TaskSpec& spec() const noexcept { return definition->stored.spec; }
  const Schedule& schedule() const noexcept { return definition->schedule; }
};

/// Checks `spec` and resolves its schedule as set at `now`. `old` is what an edit begins with. Errors: `invalid`, with
/// every field that is wrong.
Result<Prepared> prepare(TaskSpec spec, const Options& options, const Registry& registry, TimePoint now,
                         const TaskSpec* old = nullptr);

/// Reads the schedule anew under the calendar that the spec names. Errors: `invalid`, also when there is none.
Result<void> bind_calendar(Prepared& prepared, const FindCalendar& find);

/// Refuses a schedule, just set, that will never be due. Errors: `invalid`.
Result<void> check_has_instant(const Prepared& prepared);

/// Writes what `prepared` says into `row`; not its key, id, dates, upstreams and state.
void fill_row(TaskRow& row, const Prepared& prepared);

/// Whether both specs have the same schedule, the first as its user wrote it.
bool same_schedule(const TaskSpec& spec, const std::string& source, const TaskSpec& other,
                   const std::string& other_source);

}  // namespace taskcore
