// WallClock: see instants.hpp.
#include "schedule/instants.hpp"

namespace taskcore::schedule {

// An instant after `after` belongs to a reading after the one at `after`, since first_instant never falls; so the
// search starts at that reading. It seldom goes past a second candidate: only readings in a gap, or in the second pass
// of an hour that comes twice, lead to an instant that is over.
std::optional<TimePoint> WallClock::next(TimePoint after) const {
  constexpr std::chrono::local_days kEnd{std::chrono::year{10'000} / 1 / 2};
  const LocalTime shown = zone.local(after);
  auto day = days.first_from(std::chrono::floor<std::chrono::days>(shown));
  for (; day && *day < kEnd; day = days.first_from(*day + std::chrono::days{1})) {
    for (const auto time : times) {
      if (*day + time <= shown) continue;
      const TimePoint at = zone.first_instant(*day + time);
      if (at > after) return at;
    }
  }
  return std::nullopt;
}

Elapsed WallClock::elapsed(TimePoint after, TimePoint at) const {
  Elapsed out;
  for (auto due = next(after); due && *due <= at; due = next(*due)) {
    if (out.count++ == 0) out.oldest = due;
    out.newest = due;
  }
  return out;
}

}  // namespace taskcore::schedule
