// The configuration of a script: read and checked in one place, used when a task is stored and again when it runs.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "taskcore/result.hpp"
#include "taskcore/task.hpp"

namespace taskcore {

struct ScriptLimits {
  std::optional<std::uint64_t> cpu_seconds{};
  std::optional<std::uint64_t> memory_bytes{};
  std::optional<std::uint64_t> open_files{};
  std::optional<std::uint64_t> processes{};
  std::optional<std::uint64_t> file_bytes{};
};

struct ScriptConfig {
  Script script{};
  ScriptLimits limits{};
};

/// Errors: `invalid`, with every wrong field below "/config".
Result<ScriptConfig> read_script_config(const boost::json::object& config);

}  // namespace taskcore
