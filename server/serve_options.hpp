// What the settings mean to the parts that `taskd serve` puts together.
#pragma once

#include <cstdint>
#include <string>

#include "config.hpp"
#include "http/options.hpp"
#include "taskcore/options.hpp"
#include "taskcore/result.hpp"

namespace taskd {

/// Makes the data directory. Errors: `unavailable`.
taskcore::Result<void> make_data_dir(const Config& config);

/// Also makes the directory that scripts start in and, where a delegated group is asked for, goes into its place there.
/// Errors: `unavailable`, `invalid`.
taskcore::Result<taskcore::Options> scheduler_options(const Config& config);

/// An error of the scheduler's start, in which an option is named by its setting, and damage goes with what to do.
taskcore::Error as_setting(taskcore::Error error);

/// Also reads certificate and key, where there are any. Errors: `invalid`.
taskcore::Result<HttpOptions> http_options(const Config& config);

std::string url_of(const Config& config, std::uint16_t port);

}  // namespace taskd
