// The text of runner.mjs, which the build embeds.
#pragma once

#include <string_view>

namespace taskd {

extern const std::string_view kRunner;

}  // namespace taskd
