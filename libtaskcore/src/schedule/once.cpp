// Once: see instants.hpp.
#include "schedule/instants.hpp"

namespace taskcore::schedule {

std::optional<TimePoint> Once::next(TimePoint after) const {
  if (closed || after >= instant) return std::nullopt;
  return instant;
}

Elapsed Once::elapsed(TimePoint after, TimePoint at) const {
  if (closed || after >= instant || at < instant) return {};
  return {1, instant, instant};
}

}  // namespace taskcore::schedule
