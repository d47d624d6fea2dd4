// The ways in which instants are given. Each answers the same two questions, knows nothing of the text it came
// from, and need not heed a schedule's bounds: rule.hpp cuts to those.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "schedule/due_days.hpp"
#include "schedule/time_zone.hpp"
#include "schedule/times_of_day.hpp"
#include "taskcore/schedule.hpp"

namespace taskcore::schedule {

using Elapsed = Schedule::Elapsed;

/// No instant at all.
struct Never {
  static constexpr auto kKind = Schedule::Kind::manual;
  std::optional<TimePoint> next(TimePoint) const { return std::nullopt; }
  Elapsed elapsed(TimePoint, TimePoint) const { return {}; }
};

/// One instant.
struct Once {
  static constexpr auto kKind = Schedule::Kind::once;
  std::optional<TimePoint> next(TimePoint after) const;
  Elapsed elapsed(TimePoint after, TimePoint at) const;

  TimePoint instant;
  bool closed = false;  ///< By the calendar: there is none.
};

/// `first`, `first + step` and so on for ever: elapsed time, which no zone and no restart shifts.
struct Grid {
  static constexpr auto kKind = Schedule::Kind::every;
  std::optional<TimePoint> next(TimePoint after) const;
  Elapsed elapsed(TimePoint after, TimePoint at) const;

  TimePoint first;
  Duration step;
};

/// The instants of a grid but those on days that a calendar closes.
struct OpenGrid {
  static constexpr auto kKind = Schedule::Kind::every;
  std::optional<TimePoint> next(TimePoint after) const;
  Elapsed elapsed(TimePoint after, TimePoint at) const;

  /// The day that an instant is of, and its first instant. Where a clock is set back over midnight, what the wall shows
  /// of the day before a second time is of the new day already.
  std::chrono::local_days day_of(TimePoint at) const;
  TimePoint begin_of(std::chrono::local_days day) const;

  Grid grid;
  TimeZone zone;
  ClosedDays closed;
};

/// Some times of day on some days, as the wall in one zone shows them.
struct WallClock {
  /// What becomes of readings that a change of the clock makes come twice or not at all.
  enum class Changes {
    settle,  ///< Each reading counts once: the first time that it is shown, or when the gap ends that skips it.
    follow,  ///< Each instant at which the wall shows a reading counts, and no other.
  };

  static constexpr auto kKind = Schedule::Kind::wall;
  std::optional<TimePoint> next(TimePoint after) const;
  Elapsed elapsed(TimePoint after, TimePoint at) const;

  /// See Schedule::explain. Does more work a reading than next().
  std::vector<Schedule::Explained> explain(TimePoint after, TimePoint until, std::size_t limit) const;

  /// The first matching reading that is `from` or later.
  std::optional<LocalTime> first_reading(LocalTime from) const;

  /// How many matching readings there are in [from, to).
  std::size_t count_readings(LocalTime from, LocalTime to) const;

  DueDays days;
  TimesOfDay times;
  TimeZone zone;
  Changes changes;
};

/// No instants: the task's dependencies say when, on days that are open.
struct AfterDependencies {
  static constexpr auto kKind = Schedule::Kind::after_dependencies;
  std::optional<TimePoint> next(TimePoint) const { return std::nullopt; }
  Elapsed elapsed(TimePoint, TimePoint) const { return {}; }

  TimeZone zone{};
  ClosedDays closed{};
};

using Instants = std::variant<Never, Once, Grid, OpenGrid, WallClock, AfterDependencies>;

/// What a calendar leaves of `instants`; `zone` is where the task is, for what has no zone of its own. Errors:
/// `invalid`, with pointer "/onClosedDay", when a grid is to be moved.
Result<Instants> under_calendar(Instants instants, const TimeZone& zone, const ClosedDays& closed, OnClosedDay rule);

/// See Schedule::explain: a line for each day that a calendar took from the schedule.
std::vector<Schedule::Explained> explain_closed(const Instants& instants, TimePoint after, TimePoint until,
                                                std::size_t limit);

}  // namespace taskcore::schedule
