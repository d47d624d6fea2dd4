// Shared libraries that bring functions and types of task: taskcore/plugin.hpp.
#pragma once

#include <filesystem>

#include "taskcore/result.hpp"
#include "taskcore/scheduler.hpp"

namespace taskd {

/// Loads a library and lets it register what it has. It stays loaded until the process ends. Errors, in one line that
/// names the library: `invalid` (no such file), `unavailable`.
taskcore::Result<void> load_plugin(const std::filesystem::path& file, taskcore::Scheduler& scheduler);

}  // namespace taskd
