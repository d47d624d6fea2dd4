// One line of a task's log.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "taskcore/result.hpp"
#include "taskcore/time.hpp"

namespace taskcore {

enum class LogLevel : std::uint8_t { debug, info, warn, error };

/// "DEBUG", "INFO", "WARN" or "ERROR".
std::string_view to_string(LogLevel value) noexcept;

/// Reads a level, whatever its case. Errors: `invalid`.
Result<LogLevel> parse_log_level(std::string_view text);

/// Where a line came from.
enum class LogStream : std::uint8_t { system, stdout_, stderr_ };

/// "system", "stdout" or "stderr".
std::string_view to_string(LogStream value) noexcept;

struct LogEntry {
  TimePoint timestamp{};
  LogLevel level = LogLevel::info;
  std::string message;
  boost::json::value data{};
  std::string run_id{};  ///< Empty for lines about the task itself.
  int attempt = 0;       ///< 0 for lines about the run itself.
  LogStream stream = LogStream::system;
};

}  // namespace taskcore
