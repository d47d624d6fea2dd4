// OpenGrid: see instants.hpp. Goes from day to day only where days are closed.
#include <algorithm>

#include "schedule/instants.hpp"

namespace taskcore::schedule {

namespace {

using std::chrono::days;
using std::chrono::local_days;

constexpr Duration kTick{1};

}  // namespace

local_days OpenGrid::day_of(TimePoint at) const {
  const auto shown = std::chrono::floor<days>(zone.local(at));
  return begin_of(shown + days{1}) <= at ? shown + days{1} : shown;
}

TimePoint OpenGrid::begin_of(local_days day) const { return zone.first_instant(day); }

std::optional<TimePoint> OpenGrid::next(TimePoint after) const {
  // "every week" may meet the same closed weekday for ever; a step of many years is given some of them.
  constexpr int kSteps = 8;
  TimePoint at = *grid.next(after);
  local_days day = day_of(at);
  const local_days end = search_end(closed, day) + kSteps * std::chrono::ceil<days>(grid.step);
  for (; closed.closes(day); day = day_of(at)) {
    if (day > end) return std::nullopt;
    at = *grid.next(begin_of(closed.open_from(day)) - kTick);
  }
  return at;
}

Elapsed OpenGrid::elapsed(TimePoint after, TimePoint at) const {
  Elapsed out;
  for (auto due = next(after); due && *due <= at;) {
    const auto rest = closed.closed_from(day_of(*due));
    const TimePoint end = rest ? std::min(at, begin_of(*rest) - kTick) : at;
    const Elapsed open = grid.elapsed(*due - kTick, end);
    out = {out.count + open.count, out.oldest ? out.oldest : open.oldest, open.newest};
    due = next(end);
  }
  return out;
}

}  // namespace taskcore::schedule
