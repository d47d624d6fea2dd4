// Tasks of type "script": a program in a process tree of its own, its output by line in the task's log.
#pragma once

#include <memory>

#include "taskcore/executor.hpp"
#include "taskcore/options.hpp"

namespace taskcore {

std::shared_ptr<Executor> make_script_executor(const Options& options);

}  // namespace taskcore
