// What a script finds in its environment: a few names of the host, the run's own, and those of its configuration.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "taskcore/executor.hpp"
#include "taskcore/task.hpp"

namespace taskcore {

/// PATH, HOME, LANG and TZ of the host; TASK_ID, TASK_NAME, TASK_RUN_ID, TASK_ATTEMPT, TASK_SCHEDULED_FOR, TASK_PARAMS
/// (JSON), TASK_INPUT (the results of the dependencies, JSON); then `script.env`. Nothing else of the host's, so none
/// of its secrets.
std::vector<std::pair<std::string, std::string>> script_environment(const Script& script, RunContext& context);

}  // namespace taskcore
