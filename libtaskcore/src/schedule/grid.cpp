// Grid: see instants.hpp. Both answers are one division, however long the outage was.
#include "schedule/instants.hpp"

namespace taskcore::schedule {

std::optional<TimePoint> Grid::next(TimePoint after) const {
  if (after < first) return first;
  return first + ((after - first) / step + 1) * step;
}

Elapsed Grid::elapsed(TimePoint after, TimePoint at) const {
  const TimePoint oldest = *next(after);
  if (at < oldest) return {};
  const auto further = (at - oldest) / step;
  return {static_cast<std::size_t>(further) + 1, oldest, oldest + further * step};
}

}  // namespace taskcore::schedule
