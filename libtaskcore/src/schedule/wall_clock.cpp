// WallClock: see instants.hpp. What was missed is counted in wall_clock_elapsed.cpp.
#include <algorithm>

#include "schedule/instants.hpp"

namespace taskcore::schedule {

namespace {

using std::chrono::seconds;

// An instant after `after` belongs to a reading after the one at `after`, since first_instant never falls; so the
// search starts at that reading. It seldom goes past a second candidate: only in the second pass of an hour that comes
// twice do readings lead to an instant that is over, and then the whole pass does.
std::optional<TimePoint> next_settled(const WallClock& clock, TimePoint after) {
  auto reading = clock.first_reading(clock.zone.local(after) + seconds{1});
  while (reading) {
    const auto shown = clock.zone.shown(*reading);
    if (shown.first > after) return shown.first;
    reading = clock.first_reading(std::max(shown.past_twice, *reading + seconds{1}));
  }
  return std::nullopt;
}

// Between two changes of the clock readings and instants go in step, so the first reading there leads to the first
// instant. A reading that is later than the next change is looked for again after it only if the clock was set back.
std::optional<TimePoint> next_followed(const WallClock& clock, TimePoint after) {
  TimePoint from = std::chrono::floor<seconds>(after) + seconds{1};
  LocalTime now = clock.zone.local(from);
  LocalTime searched_from = now;
  auto reading = clock.first_reading(now);
  while (reading) {
    const TimePoint at = from + (*reading - now);
    const auto change = clock.zone.next_change(from);
    if (!change || at < *change) return at;
    from = *change;
    now = clock.zone.local(from);
    if (*reading < now || now < searched_from) {
      reading = clock.first_reading(now);
      searched_from = now;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<TimePoint> WallClock::next(TimePoint after) const {
  return changes == Changes::settle ? next_settled(*this, after) : next_followed(*this, after);
}

std::optional<LocalTime> WallClock::first_reading(LocalTime from) const {
  constexpr std::chrono::local_days kEnd{std::chrono::year{10'000} / 1 / 2};
  const auto today = std::chrono::floor<std::chrono::days>(from);
  const auto day = days.first_from(today);
  if (day == today) {
    if (const auto time = times.first_from(from - today)) return today + *time;
  } else if (day) {
    return *day + *times.first_from(seconds{0});
  }
  const auto later = day ? days.first_from(*day + std::chrono::days{1}) : std::nullopt;
  if (!later || *later >= kEnd) return std::nullopt;
  return *later + *times.first_from(seconds{0});
}

}  // namespace taskcore::schedule
