// Tasks from elsewhere in the words of this server: from `export`, from GET /api/tasks, and from the tasks.json in
// which the earlier task system, which this one follows, kept them.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

namespace taskd {

struct TranslatedTask {
  boost::json::object task{};
  std::vector<std::string> left_out{};  ///< Fields that no task here has, or that the server sets.
  std::vector<std::string> notes{};     ///< What was translated, in words.
};

/// Of a task of the earlier system: arguments that only a shell understands get one, and a cancelled task, which would
/// not have run again, is paused.
TranslatedTask translate_task(boost::json::object source);

/// Leaves out what the server sets: GET and `apply` go together.
void drop_own_fields(boost::json::object& task);

}  // namespace taskd
