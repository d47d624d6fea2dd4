// The four ways in which instants are given. Each answers the same two questions, knows nothing of the text it came
// from, and need not heed a schedule's bounds: rule.hpp cuts to those.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "schedule/days.hpp"
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
};

/// `first`, `first + step` and so on for ever: elapsed time, which no zone and no restart shifts.
struct Grid {
  static constexpr auto kKind = Schedule::Kind::every;
  std::optional<TimePoint> next(TimePoint after) const;
  Elapsed elapsed(TimePoint after, TimePoint at) const;

  TimePoint first;
  Duration step;
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

  Days days;
  TimesOfDay times;
  TimeZone zone;
  Changes changes;
};

using Instants = std::variant<Never, Once, Grid, WallClock>;

}  // namespace taskcore::schedule
