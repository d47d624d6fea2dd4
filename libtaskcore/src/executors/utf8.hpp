// Making text of bytes that claim to be UTF-8.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace taskcore {

/// `bytes` itself when it is valid UTF-8; else a copy in `scratch` in which each ill-formed sequence (by Unicode's
/// recommended practice: its longest well-formed beginning, or one byte) has become U+FFFD. Lives as long as both.
std::string_view repair_utf8(std::string_view bytes, std::string& scratch);

/// The length of the longest beginning of `bytes`, of at most `most` bytes, that does not end within a character.
std::size_t cut_utf8(std::string_view bytes, std::size_t most);

}  // namespace taskcore
