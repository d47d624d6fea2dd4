// The scheduler's numbers under the names that a monitoring system knows them by.
#pragma once

#include "metrics/exposition.hpp"
#include "metrics/store_gauges.hpp"
#include "taskcore/scheduler.hpp"

namespace taskd {

/// Queues that are shown by name; what the others hold is shown as the queue "(others)". Users name queues, and each
/// name is a time series.
inline constexpr std::size_t kMaxQueuesShown = 200;

/// What the scheduler has counted itself.
void write_scheduler(Exposition& out, const taskcore::Scheduler& scheduler);

/// What was counted in the store.
void write_store(Exposition& out, const StoreGauges::Values& values);

}  // namespace taskd
