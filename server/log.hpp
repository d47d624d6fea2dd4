// The server's own log, on standard error: one line an event, buffered for a moment. The one place that knows spdlog.
#pragma once

#include <boost/json/object.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "debug_names.hpp"
#include "taskcore/logger.hpp"
#include "taskcore/time.hpp"

namespace taskd {

enum class LogFormat {
  text,
  json,  ///< One object a line: "time", "level", "component", "message", and what belongs to the event.
};

/// Once, before the first line. Lines of level debug are written for the components that `debug` names, as in
/// "task:http". Lines are held back until `release_log`, so that a start that fails says so in one line of its own.
void open_log(LogFormat format, DebugNames debug);
void release_log();

/// Whether lines of level debug of that component are written: before one is made that costs something.
bool debugs(std::string_view component) noexcept;

void log_debug(std::string_view component, std::string_view message);
void log_info(std::string_view component, std::string_view message);
void log_warning(std::string_view component, std::string_view message);
void log_error(std::string_view component, std::string_view message);

/// A line of level info with fields of its own, which the text format leaves out.
void log_fields(std::string_view component, std::string_view message, const boost::json::object& fields);

/// The line of the JSON format, without its end.
std::string json_line(taskcore::TimePoint time, taskcore::LogLevel level, std::string_view component,
                      std::string_view message, const boost::json::object& fields);

/// Writes out what is buffered, unless it is held back.
void flush_log();

/// The library's diagnostics, into the same log.
std::shared_ptr<taskcore::Logger> engine_log();

}  // namespace taskd
