// Where the library's own diagnostics go. Not the tasks' logs: those are in the store (log.hpp).
#pragma once

#include <string_view>

#include "taskcore/log.hpp"

namespace taskcore {

/// A sink for diagnostics. `write` may be called from any thread and must not call back into the scheduler.
class Logger {
 public:
  virtual ~Logger() = default;
  virtual void write(LogLevel level, std::string_view component, std::string_view message) = 0;
};

}  // namespace taskcore
