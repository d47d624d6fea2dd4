// `taskd next`: the next instants of a schedule, for people and, line by line, for programs.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.hpp"
#include "taskcore/result.hpp"
#include "taskcore/time.hpp"

namespace taskd {

struct NextQuestion {
  std::string schedule;  ///< Empty is manual.
  std::string timezone;
  taskcore::TimePoint from;
  std::size_t count = 1;
};

/// The instants strictly after `from`, as text; `every …` counts from `from`.
taskcore::Result<std::vector<std::string>> next_instants(const NextQuestion& question);

/// Answers one line of the batch: a JSON array of instants, or {"error": …}. Never throws.
std::string answer_line(std::string_view line, const std::string& default_timezone, taskcore::TimePoint now);

/// The command. Gives the exit code.
int run_next(const NextCommand& command, const std::string& default_timezone, std::istream& in, std::ostream& out,
             std::ostream& err);

}  // namespace taskd
