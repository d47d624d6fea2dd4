// Text of others for a terminal: nothing in it acts on the terminal, and it is as wide as it looks.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace taskd {

/// Control characters, marks that turn the direction of writing, and bytes that are no UTF-8, as escapes: \n, \x1b,
/// \u{202e}. `kept` is a control character that stays.
std::string visible(std::string_view text, char kept = '\0');

/// Columns that a visible text takes: 2 for wide characters, 0 for those that go onto the one before.
std::size_t display_width(std::string_view visible_text);

/// At most `width` columns of it; what is cut ends with an ellipsis.
std::string clipped(std::string_view visible_text, std::size_t width);

}  // namespace taskd
