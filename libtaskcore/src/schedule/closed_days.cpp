// ClosedDays: which days are closed, and the search for the next that is not. Reading the text is in
// parse_calendar.cpp.
#include "schedule/closed_days.hpp"

#include <algorithm>

namespace taskcore {

namespace {

using std::chrono::days;
using std::chrono::local_days;

constexpr local_days kNoDay{days{-1'000'000}};

}  // namespace

bool ClosedDays::Rule::has_yearly() const noexcept {
  return std::any_of(yearly.begin(), yearly.end(), [](std::uint32_t month) { return month != 0; });
}

const ClosedDays::Rule::Range* ClosedDays::Rule::range_of(Day day) const noexcept {
  const auto after =
      std::upper_bound(ranges.begin(), ranges.end(), day, [](Day d, const Range& range) { return d < range.first; });
  if (after == ranges.begin()) return nullptr;
  const Range& range = *std::prev(after);
  return day <= range.last ? &range : nullptr;
}

bool ClosedDays::Rule::closes_each_year(Day day) const noexcept {
  if ((weekdays >> std::chrono::weekday{day}.c_encoding() & 1) != 0) return true;
  const std::chrono::year_month_day date{day};
  return (yearly[unsigned{date.month()}] >> unsigned{date.day()} & 1) != 0;
}

bool ClosedDays::closes(local_days day) const noexcept {
  return rule_ && (rule_->closes_each_year(day) || rule_->range_of(day) != nullptr);
}

local_days ClosedDays::open_from(local_days day) const noexcept {
  if (!rule_) return day;
  for (;;) {
    if (const auto* range = rule_->range_of(day)) {
      day = range->last + days{1};
    } else if (rule_->closes_each_year(day)) {
      day += days{1};
    } else {
      return day;
    }
  }
}

local_days ClosedDays::open_until(local_days day) const noexcept {
  if (!rule_) return day;
  for (;;) {
    if (const auto* range = rule_->range_of(day)) {
      day = range->first - days{1};
    } else if (rule_->closes_each_year(day)) {
      day -= days{1};
    } else {
      return day;
    }
  }
}

std::optional<local_days> ClosedDays::closed_from(local_days day) const noexcept {
  if (!rule_) return std::nullopt;
  if (rule_->weekdays != 0 || rule_->has_yearly()) {
    while (!closes(day)) day += days{1};  // 29 February is at most eight years away
    return day;
  }
  for (const auto& range : rule_->ranges) {
    if (range.last >= day) return std::max(day, range.first);
  }
  return std::nullopt;
}

local_days ClosedDays::last_dated() const noexcept {
  return rule_ && !rule_->ranges.empty() ? rule_->ranges.back().last : kNoDay;
}

}  // namespace taskcore
