// Checks on text that came from outside.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace taskcore {

/// Whether `text` is well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text) noexcept;

/// Characters (code points) of well-formed UTF-8.
std::size_t count_characters(std::string_view text) noexcept;

/// Whether there is a control character: below U+0020, or U+007F to U+009F.
bool has_control_character(std::string_view text) noexcept;

/// Whether there is nothing but blanks.
bool is_blank(std::string_view text) noexcept;

/// Whether `text` is `[A-Za-z0-9_.:-]{1,max_size}`: fit for URLs, file names and shells.
bool is_token(std::string_view text, std::size_t max_size) noexcept;

/// ASCII's capitals as small letters, all else as it is.
constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
std::string lower(std::string_view text);

}  // namespace taskcore
