// In which order tasks can be made one by one.
#pragma once

#include <vector>

#include "client/task_file.hpp"

namespace taskd {

/// Places in `tasks`, each after those that it depends on and, where that is possible, after those that it notifies;
/// else as they stand. What is not in the list, and what is no list of ids, is the server's to judge. Errors:
/// `invalid`, for an id that is given twice, and for a circle, which it spells.
taskcore::Result<std::vector<std::size_t>> order_tasks(const TaskList& tasks);

}  // namespace taskd
