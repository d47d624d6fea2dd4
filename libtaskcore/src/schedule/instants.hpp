// The four ways in which instants are given. Each answers the same two questions, knows nothing of the text it came
// from, and need not heed a schedule's bounds: rule.hpp cuts to those.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "schedule/days.hpp"
#include "schedule/time_zone.hpp"
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
  static constexpr auto kKind = Schedule::Kind::wall;
  std::optional<TimePoint> next(TimePoint after) const;
  Elapsed elapsed(TimePoint after, TimePoint at) const;

  EveryDay days;
  std::vector<std::chrono::seconds> times;  ///< Since the day's 0:00; sorted, each once, never empty.
  TimeZone zone;
};

using Instants = std::variant<Never, Once, Grid, WallClock>;

}  // namespace taskcore::schedule
