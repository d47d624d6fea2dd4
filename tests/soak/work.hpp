// What the tasks of the soak do, and the tasks themselves.
#pragma once

#include "soak/teller.hpp"
#include "taskcore/scheduler.hpp"

namespace taskcore::soak {

/// Registers the functions "work" (takes a moment; some first attempts fail, some runs fail for good) and "slow" (ends
/// only when it is asked to). Each tells that it begins, and how long that took since it was asked for in this life.
void register_work(Scheduler& scheduler, int life, TimePoint born);

/// The parameters of a run: the moment of the call and the life that made it.
boost::json::object stamped(int life);

TaskSpec work_task(std::string id);
/// Its attempts time out; it is tried twice.
TaskSpec slow_task(std::string id);
TaskSpec script_task(std::string id);
TaskSpec scheduled_task(std::string id, const std::string& schedule);

}  // namespace taskcore::soak
