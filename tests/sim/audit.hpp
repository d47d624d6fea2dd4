// Slow checks, made now and then between two steps: what readers see agrees with the rows.
#pragma once

#include "sim/shadow.hpp"
#include "taskcore/scheduler.hpp"

namespace taskcore::sim {

/// The statistics add up and are those of the rows.
void check_stats(Scheduler& scheduler, const Shadow& shadow, Trace& trace);

/// Small pages of the task's log hold the same lines as a large one, each once.
void check_log_pages(Scheduler& scheduler, const std::string& task_id, std::size_t limit, Trace& trace);

/// When all faults are over and time has passed: everything that can settle has.
void check_settled(const Shadow& shadow, TimePoint now, Trace& trace);

/// No instant is overdue, and no run that may start.
void check_nothing_overdue(const Shadow& shadow, TimePoint now, Trace& trace);

}  // namespace taskcore::sim
