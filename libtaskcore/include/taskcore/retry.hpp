// How the delay before the next attempt grows.
#pragma once

#include <cstdint>

#include "taskcore/time.hpp"

namespace taskcore {

/// How a delay is spread, so that many tasks that failed together do not come back together.
enum class Jitter : std::uint8_t {
  none,  ///< The delay as reckoned.
  full,  ///< Anything between zero and the delay, evenly.
};

/// Exponential backoff: the n-th retry waits `initial_delay * multiplier^(n-1)`, at most `max_delay`.
struct RetryPolicy {
  Duration initial_delay{1000};  ///< 0 ms to 30 days.
  double multiplier = 2.0;       ///< 1 to 100.
  Duration max_delay{3600000};   ///< `initial_delay` to 30 days.
  Jitter jitter = Jitter::full;

  bool operator==(const RetryPolicy&) const = default;
};

}  // namespace taskcore
