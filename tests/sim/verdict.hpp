// What the end of an attempt may make of its run: whether it is to run again, how soon, and what was counted.
#pragma once

#include <string>

#include "sim/stage.hpp"
#include "taskcore/task.hpp"

namespace taskcore::sim {

/// `before` ran, `after` does not; under one fence. `spec` is the task's at that moment, and `part` null for an attempt
/// that no executor saw. Gives what is broken, or nothing.
std::string check_verdict(const RunRow& before, const RunRow& after, const TaskSpec& spec, const Part* part,
                          TimePoint at);

}  // namespace taskcore::sim
