// The files of the reference, which the build embeds.
#pragma once

#include <string_view>
#include <vector>

namespace taskd {

/// The OpenAPI document in parts, the one with `info` first: see document.hpp.
std::vector<std::string_view> openapi_parts();

/// How the page looks.
std::string_view page_style();

}  // namespace taskd
