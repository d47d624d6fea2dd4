// A crontab's lines, read as cron (Vixie's and those that came of it) reads them. What becomes of them is not said
// here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "taskcore/result.hpp"

namespace taskd {

/// `NAME = value`, with or without quotes.
struct CrontabVariable {
  std::string name;
  std::string value;
};

/// The line's variable; none when it is no such line.
std::optional<CrontabVariable> read_crontab_variable(std::string_view line);

/// A line with a schedule.
struct CrontabEntry {
  std::string_view schedule;           ///< From the line's beginning, so that characters count as in the line.
  std::string_view user{};             ///< Of the system form only.
  std::string command{};               ///< Up to the first `%`; `\%` is `%`.
  std::optional<std::string> input{};  ///< What comes after it: each further `%` ends a line.
};

/// Errors: `invalid`, saying what is missing. `system` takes a user between schedule and command.
taskcore::Result<CrontabEntry> read_crontab_entry(std::string_view line, bool system);

/// Whether there is nothing on the line, or a comment.
bool is_crontab_comment(std::string_view line);

}  // namespace taskd
