// A task as the engine works with it: its stored text read once, its schedule parsed. Immutable, shared by its
// attempts.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "model/codec.hpp"
#include "taskcore/schedule.hpp"
#include "taskcore/store.hpp"

namespace taskcore {

struct Definition {
  TaskKey key = 0;
  std::int64_t version = 0;
  StoredSpec stored{};
  Schedule schedule{};
  bool has_placeholders = false;  ///< In its configuration.

  const TaskSpec& spec() const noexcept { return stored.spec; }
};

/// Finds the closed days of a calendar by its name. Errors: `not_found`.
using FindCalendar = std::function<Result<ClosedDays>(std::string_view name)>;

/// Looks where the rows are. The reader must outlive it. It throws StoreFailure when the store fails.
FindCalendar calendars_of(StoreReader& reader);

/// The error for a calendar that is not there.
Error no_such_calendar(std::string_view name);

/// What the task's schedule is reckoned from, apart from its calendar.
ScheduleContext schedule_context(const TaskSpec& spec, TimePoint anchor);

/// Reads the schedule of a spec that was checked, with its calendar. Errors: `not_found`, when there is none;
/// `invalid`, when the schedule does not go with it.
Result<Schedule> make_schedule(const TaskSpec& spec, TimePoint anchor, const FindCalendar& find);

/// Reads a stored task. Errors: `corrupt`, when the stored text cannot be read.
Result<std::shared_ptr<const Definition>> make_definition(const TaskRow& row, const FindCalendar& find);

}  // namespace taskcore
