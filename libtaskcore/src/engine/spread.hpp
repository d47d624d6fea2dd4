// The spread of tasks that are due at one moment: how much later than its instant a run begins. Pure.
#pragma once

#include <string_view>

#include "taskcore/schedule.hpp"

namespace taskcore {

/// From 0 up to `jitter`, and before the schedule's instant after `instant`. Equal arguments give equal delays, on
/// every machine.
Duration start_delay(std::string_view task_id, Duration jitter, const Schedule& schedule, TimePoint instant);

}  // namespace taskcore
