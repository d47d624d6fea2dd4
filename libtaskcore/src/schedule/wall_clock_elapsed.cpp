// WallClock::elapsed: counts what was missed from one change of the clock to the next, so that years of downtime cost
// some steps a year, however often a schedule is due.
#include "schedule/instants.hpp"

namespace taskcore::schedule {

namespace {

using std::chrono::seconds;

// The greatest reading that the wall showed for the first time at `at` or before.
LocalTime latest_reading(const TimeZone& zone, TimePoint at) {
  const LocalTime now = zone.local(at);
  const auto shown = zone.shown(now);
  return shown.times == TimeZone::Shown::twice && shown.second <= at ? shown.past_twice - seconds{1} : now;
}

// All readings but those that a gap makes one: it leaves one instant of its readings and the one at its end.
std::size_t count_settled(const WallClock& clock, TimePoint after, TimePoint at) {
  std::size_t out =
      clock.count_readings(latest_reading(clock.zone, after) + seconds{1}, latest_reading(clock.zone, at) + seconds{1});
  for (auto change = clock.zone.next_change(after); change && *change <= at; change = clock.zone.next_change(*change)) {
    const LocalTime end = clock.zone.local(*change);
    const LocalTime begin = clock.zone.local(*change - seconds{1}) + seconds{1};
    if (begin >= end) continue;
    const std::size_t as_one = clock.count_readings(begin, end + seconds{1});
    if (as_one > 1) out -= as_one - 1;
  }
  return out;
}

std::size_t count_followed(const WallClock& clock, TimePoint after, TimePoint at) {
  std::size_t out = 0;
  TimePoint from = std::chrono::floor<seconds>(after) + seconds{1};
  while (from <= at) {
    const auto change = clock.zone.next_change(from);
    const TimePoint last = change && *change <= at ? *change - seconds{1} : at;
    out += clock.count_readings(clock.zone.local(from), clock.zone.local(last) + seconds{1});
    if (!change) break;
    from = *change;
  }
  return out;
}

// Bisection: next(x) is not after `at` as long as x is before the newest.
TimePoint newest_of(const WallClock& clock, TimePoint oldest, TimePoint at) {
  TimePoint newest = oldest;
  for (TimePoint low = oldest, high = at; low < high;) {
    const TimePoint middle = low + (high - low) / 2;
    const auto due = clock.next(middle);
    if (due && *due <= at) {
      newest = low = *due;
    } else {
      high = middle;
    }
  }
  return newest;
}

}  // namespace

std::size_t WallClock::count_readings(LocalTime from, LocalTime to) const {
  if (from >= to) return 0;
  const auto first = std::chrono::floor<std::chrono::days>(from);
  const auto last = std::chrono::floor<std::chrono::days>(to);
  const auto until = [&](std::chrono::local_days day, seconds time) {
    return days.first_from(day) == day ? times.count_before(time) : 0;
  };
  return days.count(first, last) * times.count() + until(last, to - last) - until(first, from - first);
}

Elapsed WallClock::elapsed(TimePoint after, TimePoint at) const {
  const auto oldest = next(after);
  if (!oldest || *oldest > at) return {};
  // Few, as a rule: then a walk costs least.
  constexpr std::size_t kWalked = 4;
  Elapsed out{1, oldest, oldest};
  for (; out.count < kWalked; ++out.count) {
    const auto due = next(*out.newest);
    if (!due || *due > at) return out;
    out.newest = due;
  }
  const bool settled = changes == Changes::settle;
  return {settled ? count_settled(*this, after, at) : count_followed(*this, after, at), oldest,
          newest_of(*this, *out.newest, at)};
}

}  // namespace taskcore::schedule
