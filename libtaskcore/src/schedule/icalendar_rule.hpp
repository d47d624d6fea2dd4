// Yearly recurrence rules of iCalendar (RFC 5545, section 3.3.10), as far as calendars of holidays use them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "taskcore/result.hpp"

namespace taskcore::schedule {

/// "20261225" as in iCalendar texts.
std::optional<std::chrono::local_days> read_ical_date(std::string_view text);

class YearlyRule {
 public:
  /// Reads the value of an RRULE. Errors: `invalid` with an empty pointer.
  static Result<YearlyRule> parse(std::string_view text);

  /// Whether it comes every year for ever, on the date of `start`.
  bool is_every_year_on(std::chrono::local_days start) const;

  /// The days on which it comes, from `start` on, up to the year 2099.
  std::vector<std::chrono::local_days> days(std::chrono::local_days start) const;

 private:
  Result<void> take(std::string_view name, std::string_view value);
  std::optional<std::chrono::local_days> day_in(std::chrono::year year, std::chrono::year_month_day start) const;

  int interval_ = 1;
  std::optional<int> count_{};
  std::optional<std::chrono::local_days> until_{};
  std::optional<std::chrono::month> month_{};
  std::optional<int> month_day_{};  // From the month's end where it is below 0; so with the number of the weekday.
  struct Weekday {
    int number;
    std::chrono::weekday day;
  };
  std::optional<Weekday> weekday_{};
};

}  // namespace taskcore::schedule
