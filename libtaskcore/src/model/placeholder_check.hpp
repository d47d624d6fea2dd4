// What can be said of placeholders when a task is stored, before there are values.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "model/faults.hpp"
#include "taskcore/result.hpp"
#include "taskcore/task.hpp"

namespace taskcore {

struct PlaceholderCheck {
  Faults faults{};
  std::vector<std::string> open{};  ///< Pointers to the texts that params and dependencies will change.
};

/// Precondition: the configuration has placeholders.
PlaceholderCheck check_placeholders(const TaskSpec& spec);

/// Whether a text in `for_each` is one placeholder of params or a dependency. Errors: `invalid`.
Result<void> check_for_each_text(const TaskSpec& spec);

/// The same for a call that a notification makes: it has secrets, but neither params nor dependencies.
/// Errors: `invalid`, with pointers below `pointer`.
Result<void> check_call_placeholders(const boost::json::object& config, const std::string& pointer);

/// Leaves out what an executor says of open texts: what they will be is asked when it is known.
Error without_open(const Error& error, const std::vector<std::string>& open);

}  // namespace taskcore
