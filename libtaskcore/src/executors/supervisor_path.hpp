// Where the supervisor program, taskcore-exec, is.
#pragma once

#include <string>

namespace taskcore {

/// `configured` when it is not empty; else the first that exists of: beside the running program, in its
/// ../libexec/taskcore, where the library was installed, where it was built. Empty when there is none.
std::string find_supervisor(const std::string& configured);

}  // namespace taskcore
