// The server's own log, on standard error: one line an event, buffered for a moment. The one place that knows spdlog.
#pragma once

#include <memory>
#include <string_view>

#include "taskcore/logger.hpp"

namespace taskd {

/// Once, before the first line. `debug`: also what is only of interest when looking for a fault. Lines are held back
/// until `release_log`, so that a start that fails says so in one line of its own.
void open_log(bool debug);
void release_log();

void log_info(std::string_view component, std::string_view message);
void log_warning(std::string_view component, std::string_view message);
void log_error(std::string_view component, std::string_view message);

/// Writes out what is buffered, unless it is held back.
void flush_log();

/// The library's diagnostics, into the same log.
std::shared_ptr<taskcore::Logger> engine_log();

}  // namespace taskd
