// What a reply does not show of a task: secrets that were written into its calls as they are.
#pragma once

#include <optional>

#include "http/problem.hpp"
#include "taskcore/task.hpp"

namespace taskd {

/// Of api_call and webhook, notifications too: the token, the password, the signing secrets and an
/// Authorization header become "***". What asks for a secret by its name is shown.
void mask_secrets(taskcore::TaskSpec& task);

/// Puts back what came as "***", where it still goes to the URL that it was for: so a task that was read can be changed
/// and sent back. `stored` is the task as JSON, unmasked.
void unmask_secrets(const boost::json::object& stored, boost::json::object& sent);

/// A problem where a "***" is left, and for a notification that is neither a webhook nor a task's run.
std::optional<Problem> masked_problem(const taskcore::TaskSpec& spec);

}  // namespace taskd
