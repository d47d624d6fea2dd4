// Random definitions of tasks.
#pragma once

#include <string>
#include <vector>

#include "sim/chance.hpp"
#include "taskcore/queue.hpp"
#include "taskcore/task.hpp"

namespace taskcore::sim {

/// A valid task of the simulation's type that may depend on some of `others`. Its description is `mark`.
TaskSpec some_spec(Chance& chance, const std::vector<std::string>& others, TimePoint now, const std::string& mark);

/// One of a few, with days off around `now`.
CalendarSpec some_calendar(Chance& chance, TimePoint now, const std::string& mark);

/// One of the queues of those tasks, set at random.
QueueSpec some_queue(Chance& chance);

/// Changes one thing of it.
void change_spec(Chance& chance, TaskSpec& spec, const std::vector<std::string>& others, TimePoint now);

}  // namespace taskcore::sim
