// What a reply does not show of a configuration: secrets that were written into it as they are.
#pragma once

#include "taskcore/task.hpp"

namespace taskd {

/// Of api_call and webhook: the token, the password, the signing secrets and an Authorization header become "***". What
/// asks for a secret by its name is shown.
void mask_config(std::string_view type, boost::json::object& config);

/// What came back as "***" is what it was: a task that was read can be changed and sent back.
void unmask_config(const taskcore::TaskConfig& stored, taskcore::TaskConfig& sent);

}  // namespace taskd
