#include "engine/backoff.hpp"

#include <algorithm>
#include <cmath>

namespace taskcore {

Duration retry_delay(const RetryPolicy& policy, int number, std::uint64_t draw) {
  const double cap = static_cast<double>(policy.max_delay.count());
  const double grown =
      static_cast<double>(policy.initial_delay.count()) * std::pow(policy.multiplier, std::max(number, 1) - 1);
  const double delay = std::min(grown, cap);  // an overflow to infinity ends at the cap
  if (policy.jitter == Jitter::none) return Duration(static_cast<std::int64_t>(delay));
  const double share = static_cast<double>(draw >> 11) * 0x1.0p-53;
  return Duration(static_cast<std::int64_t>(delay * share));
}

Duration loss_delay(const RetryPolicy& policy, int losses, std::uint64_t draw) {
  return std::max(retry_delay(policy, losses, draw), Duration(1000));
}

}  // namespace taskcore
