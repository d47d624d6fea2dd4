// The promises as checks on rows: what one commit may make of a run or a task. Pure; each gives what is broken, or
// nothing.
#pragma once

#include <string>

#include "taskcore/store.hpp"
#include "taskcore/task.hpp"

namespace taskcore::sim {

/// What counts for a run of a task whose definition changes: the most generous value that it ever had.
struct Allowance {
  int max_retries = 0;
  int max_lost = 0;
  bool may_repeat = true;  ///< recovery is "retry"; it does not change in a simulation.
  bool fans_out = false;   ///< It had items to make.
  TaskSpec spec{};         ///< The newest.
};

/// `before` is null for a new run. `now` is the clock at the commit.
std::string check_run(const RunRow* before, const RunRow& after, const Allowance& allowance, TimePoint now);

/// `before` is null for a new task.
std::string check_task(const TaskRow* before, const TaskRow& after);

}  // namespace taskcore::sim
