// Files of tasks, as `apply` and `import` take them.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "taskcore/result.hpp"

namespace taskd {

using TaskList = std::vector<boost::json::object>;

/// Reads one task, a list, {"tasks": …}, objects by their ids, a list of pairs of id and task, or one task a line.
/// Errors: `invalid`, with the line, or the place in the list.
taskcore::Result<TaskList> read_tasks(std::string_view text);

/// `task "build"` for messages; without an id by its name, else by its place, from 0.
std::string subject_of(const boost::json::object& task, std::size_t place);

/// The id; empty where there is none.
std::string id_of(const boost::json::object& task);

}  // namespace taskd
