// What a Schedule points at: its text, its instants, and the bounds that cut them.
#pragma once

#include <chrono>
#include <string>

#include "schedule/instants.hpp"
#include "taskcore/schedule.hpp"

namespace taskcore {

struct Schedule::Rule {
  /// The first and the last instant that taskcore can write down (time.hpp).
  static constexpr TimePoint kEarliest{};
  static constexpr TimePoint kLatest = std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1} - Duration{1};

  std::string text = "manual";
  schedule::Instants instants{};
  TimePoint set_at = kEarliest;
  TimePoint earliest = kEarliest;
  TimePoint latest = kLatest;
};

}  // namespace taskcore
