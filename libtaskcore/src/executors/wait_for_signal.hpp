// The built-in function "wait_for_signal": a run that somebody has to let go, such as an approval.
#pragma once

#include "taskcore/function.hpp"

namespace taskcore {

/// The run waits for a signal, whose payload is its result. `timeout` (ms) in the configuration's "params" bounds the
/// wait; those of the run do not, so that who may execute the task cannot lift it.
Function wait_for_signal();

}  // namespace taskcore
