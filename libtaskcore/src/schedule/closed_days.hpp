// What a calendar's text says, as sets.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

#include "taskcore/calendar.hpp"

namespace taskcore {

struct ClosedDays::Rule {
  using Day = std::chrono::local_days;
  struct Range {
    Day first;
    Day last;
  };

  std::uint8_t weekdays = 0;               ///< Bits 0 to 6, from Sunday.
  std::array<std::uint32_t, 13> yearly{};  ///< By month: bits 1 to 31.
  std::vector<Range> ranges{};             ///< In order, apart from each other.

  bool has_yearly() const noexcept;
  /// The range that `day` is in; null when it is in none.
  const Range* range_of(Day day) const noexcept;
  bool closes_each_year(Day day) const noexcept;
};

}  // namespace taskcore
