// `taskd next`: the next instants of a schedule, for people and, line by line, for programs.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.hpp"
#include "taskcore/result.hpp"
#include "taskcore/schedule.hpp"

namespace taskd {

struct NextQuestion {
  std::string schedule{};             ///< Empty is manual.
  taskcore::ScheduleContext context;  ///< `set_at` is not read.
  taskcore::TimePoint from{};
  std::size_t count = 1;
};

/// The instants strictly after `from`, as text; `every …` counts from `from`.
taskcore::Result<std::vector<std::string>> next_instants(const NextQuestion& question);

/// Answers one line of the batch: a JSON array of instants, or {"error": …}. What the line leaves out is as in `base`.
/// Never throws.
std::string answer_line(std::string_view line, const NextQuestion& base);

/// The command. Gives the exit code.
int run_next(const NextCommand& command, const std::string& default_timezone, std::istream& in, std::ostream& out,
             std::ostream& err);

}  // namespace taskd
