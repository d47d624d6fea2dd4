// The process that is killed.
#pragma once

#include "soak/settings.hpp"

namespace taskcore::soak {

/// Load until SIGTERM (then an orderly stop) or SIGKILL. Gives the exit code.
int live(const Settings& settings, int life);

/// No load: schedules are paused, what is live comes to its end; what waits for a dependency that may never complete is
/// cancelled. Gives the exit code.
int drain(const Settings& settings, int life);

}  // namespace taskcore::soak
