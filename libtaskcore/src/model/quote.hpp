// Text from outside, made fit to stand inside a message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace taskcore {

/// `text` in double quotes, with every byte that is not printable ASCII as '?', cut to `most` characters and "...". So
/// a message stays short and valid UTF-8, whatever was sent.
std::string in_quotes(std::string_view text, std::size_t most = 60);

}  // namespace taskcore
