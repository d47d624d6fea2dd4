// The control group (version 2) that the service manager has left to taskd, `Delegate=yes`: made fit for scripts.
#pragma once

#include <filesystem>
#include <string>

#include "taskcore/result.hpp"

namespace taskd {

/// The value of TASK_SCRIPT_CGROUP that asks for it.
inline constexpr std::string_view kDelegatedGroup = "delegated";

/// A group hands its controllers on only where it holds no processes itself: so this one goes into a group `taskd`
/// below its own, unless it is in one already, and the scripts' groups come below another, `scripts`, which is given
/// back. To be called before there are other processes. Errors: `invalid`, one line.
taskcore::Result<std::string> split_delegated_group();

/// The same where this process's group is known, and the one that all groups are below.
taskcore::Result<std::string> split_delegated_group(std::filesystem::path own, const std::filesystem::path& root);

}  // namespace taskd
