// What must hold of any text at all that is read as a schedule.
#pragma once

#include <string_view>

namespace taskcore::testing {

/// Reads `text` in a zone with clock changes and asks for all that a schedule answers. Throws std::runtime_error where
/// an answer contradicts another.
void check_schedule(std::string_view text);

}  // namespace taskcore::testing
