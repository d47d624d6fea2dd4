// Which days of the calendar a wall-clock schedule takes.
#pragma once

#include <chrono>
#include <optional>

namespace taskcore::schedule {

/// Every day there is. A further pattern of days has the same one question to answer.
struct EveryDay {
  /// The first matching day that is `day` or later; none when there never is one.
  std::optional<std::chrono::local_days> first_from(std::chrono::local_days day) const { return day; }
};

}  // namespace taskcore::schedule
