// Checks on text that came from outside.
#pragma once

#include <string_view>

namespace taskd {

/// True when `text` is well-formed UTF-8 (no overlong forms, no surrogates, nothing above U+10FFFF).
bool is_utf8(std::string_view text) noexcept;

/// True when `text` holds a C0 control character or DEL.
bool has_control_character(std::string_view text) noexcept;

}  // namespace taskd
