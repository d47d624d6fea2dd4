// Short words for tests of schedules: instants as text, both ways.
#pragma once

#include <chrono>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"
#include "taskcore/schedule.hpp"

namespace taskcore::testing {

using namespace std::chrono_literals;

constexpr Duration kTick{1};

inline TimePoint at(std::string_view text) { return parse_time(text).value(); }

inline std::string shown(std::optional<TimePoint> instant) { return instant ? format_time(*instant) : "none"; }

inline ScheduleContext in_zone(std::string timezone) {
  ScheduleContext context;
  context.timezone = std::move(timezone);
  return context;
}

inline ScheduleContext set_at(std::string_view instant) {
  ScheduleContext context;
  context.set_at = at(instant);
  return context;
}

inline Schedule read(std::string_view text, const ScheduleContext& context = {}) {
  return Schedule::parse(text, context).value();
}

/// The next instant, as "2027-01-31T09:00:00.000Z" or "none".
inline std::string next(const Schedule& schedule, std::string_view after) { return shown(schedule.next(at(after))); }

}  // namespace taskcore::testing
