// Text as HTML.
#pragma once

#include <string>
#include <string_view>

namespace taskd {

/// Safe between tags and in a quoted attribute.
std::string escaped(std::string_view text);

/// Paragraphs, parted by an empty line, in which `backticks` make code.
std::string prose(std::string_view text);

}  // namespace taskd
