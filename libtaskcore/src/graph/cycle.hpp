// Whether new dependencies of a task would close a circle. Pure: the edges that exist are asked for one task at a time.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "taskcore/store.hpp"

namespace taskcore {

/// A shortest circle through `task` once it depends on `upstreams` (instead of what it depended on before): the tasks
/// in order, each depending on the next, first and last being `task`. Empty when there is none. `upstreams_of` is asked
/// at most once a task, and not for `task` itself.
std::vector<TaskKey> find_cycle(TaskKey task, std::span<const TaskKey> upstreams,
                                const std::function<std::vector<TaskKey>(TaskKey)>& upstreams_of);

}  // namespace taskcore
