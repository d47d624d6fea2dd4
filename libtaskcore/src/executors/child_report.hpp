// Reading the line in which a supervisor says how its script ended (exec/protocol.hpp).
#pragma once

#include <optional>
#include <string_view>

#include "executors/child_process.hpp"

namespace taskcore {

/// Nothing when the text is no report.
std::optional<ChildExit> parse_child_report(std::string_view line);

}  // namespace taskcore
