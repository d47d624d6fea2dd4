// What a line of a log costs.
#pragma once

#include <cstddef>

namespace taskcore {

/// Beyond its text, so that empty lines are bounded too.
inline constexpr std::size_t kLineCost = 32;

}  // namespace taskcore
