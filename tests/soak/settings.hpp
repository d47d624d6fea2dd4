// What one call of the program does. The child is told the same words.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

#include "taskcore/time.hpp"

namespace taskcore::soak {

struct Settings {
  std::chrono::milliseconds length = std::chrono::minutes(1);
  std::uint64_t seed = 1;
  int rate = 300;           ///< Calls a second that ask for something.
  std::string directory{};  ///< Where the store lies: a directory of its own is made there, and removed after a pass.
  std::string json_file{};

  /// Retention's age: short, so that each run of the program sees pruning at work.
  Duration keep() const { return std::clamp<Duration>(length / 6, Duration(1000), Duration(15000)); }
};

}  // namespace taskcore::soak
