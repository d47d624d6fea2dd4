// All that a task depends on, however far. Pure: the edges that exist are asked for one task at a time.
#pragma once

#include <functional>
#include <vector>

#include "taskcore/store.hpp"

namespace taskcore {

/// `task` and what it depends on, each once, every task behind its upstreams; so `task` comes last. When they are more
/// than `limit`, that many and one more, in no order. `upstreams_of` is asked once a task. Precondition: no circle.
std::vector<TaskKey> upstream_closure(TaskKey task, std::size_t limit,
                                      const std::function<std::vector<TaskKey>(TaskKey)>& upstreams_of);

}  // namespace taskcore
