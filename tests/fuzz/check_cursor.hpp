// What must hold of any text that is taken for a listing's cursor.
#pragma once

#include <string_view>

namespace taskcore::testing {

/// Asks each listing of a small store for what comes behind it: a page, or a refusal that points at it. Throws
/// std::runtime_error otherwise.
void check_cursor(std::string_view text);

}  // namespace taskcore::testing
