// What a reply does not show of a configuration: secrets that were written into it as they are.
#pragma once

#include "taskcore/task.hpp"

namespace taskd {

/// In a task as JSON, of api_call and webhook, notifications too: the token, the password, the signing secrets and an
/// Authorization header become "***". What asks for a secret by its name is shown.
void mask_secrets(boost::json::object& task);

/// What came back as "***" is what it was: a task that was read can be changed and sent back.
void unmask_secrets(const taskcore::TaskSpec& stored, taskcore::TaskSpec& sent);

}  // namespace taskd
