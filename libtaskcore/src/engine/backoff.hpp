// How long to wait before the next attempt. Pure.
#pragma once

#include <cstdint>

#include "taskcore/retry.hpp"

namespace taskcore {

/// The delay before retry `number` (from 1): exponential, capped, and with full jitter the even share of it that `draw`
/// (64 random bits) picks. (Full jitter: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.)
Duration retry_delay(const RetryPolicy& policy, int number, std::uint64_t draw);

/// The delay before a run whose process died is run again: as for a retry, but never below one second, so that
/// a process-killer does not spin.
Duration loss_delay(const RetryPolicy& policy, int losses, std::uint64_t draw);

}  // namespace taskcore
