// Named calendars: days on which schedules rest. A task names one in TaskSpec::calendar.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "taskcore/result.hpp"
#include "taskcore/time.hpp"

namespace taskcore {

/// What becomes of an instant on a day that the task's calendar closes.
enum class OnClosedDay : std::uint8_t {
  skip,              ///< It is no instant of the schedule.
  next_working_day,  ///< It is due on the next day that is open, at the same time of day. Equal instants are one.
};

/// What a user says of a calendar: the days that it closes, each from midnight to midnight in the schedule's zone.
struct CalendarSpec {
  std::string name;                     ///< `[A-Za-z0-9_.:-]{1,64}`.
  std::string description{};            ///< Up to 10,000 characters.
  std::vector<std::string> weekdays{};  ///< Closed every week: "saturday", "sun". Up to 7.
  /// Closed days: "2026-12-25", "12-25" (every year), and ranges of either kind with both ends closed:
  /// "2026-12-24/2027-01-01", "12-24/01-01". Of the years 1970 to 2199; up to 5,000, each up to 3,660 days long.
  std::vector<std::string> dates{};
};

/// A stored calendar.
struct Calendar : CalendarSpec {
  TimePoint updated_at{};
};

/// The closed days of a calendar, read. A value: cheap to copy, immutable, usable from any thread.
class ClosedDays {
 public:
  ClosedDays() = default;  ///< No calendar.

  /// Errors: `invalid`, with each entry of "/weekdays" and "/dates" that cannot be read; also when no day is left open.
  static Result<ClosedDays> parse(const CalendarSpec& spec);

  /// Whether there is no calendar; one may close no day and still be one.
  bool none() const noexcept { return rule_ == nullptr; }

  bool closes(std::chrono::local_days day) const noexcept;

  /// The first open day that is `day` or later, and the last that is `day` or earlier.
  std::chrono::local_days open_from(std::chrono::local_days day) const noexcept;
  std::chrono::local_days open_until(std::chrono::local_days day) const noexcept;

  /// The first closed day that is `day` or later; none if there is no more.
  std::optional<std::chrono::local_days> closed_from(std::chrono::local_days day) const noexcept;

  /// The last day that is closed by its full date: from the next one on, closed days come again every year and week.
  std::chrono::local_days last_dated() const noexcept;

  struct Rule;  ///< Private to the library.

 private:
  std::shared_ptr<const Rule> rule_{};
};

/// Reads the whole-day events of an iCalendar text (RFC 5545), up to 1 MiB, as entries for CalendarSpec::dates.
/// An event that comes every year on one date becomes an entry of every year; other yearly rules (INTERVAL, COUNT,
/// UNTIL, BYMONTH, BYMONTHDAY, BYDAY such as 4TH or -1MO) are written out, those without an end up to the year 2099.
/// Cancelled events are left out. Errors: `invalid` with an empty pointer, naming the line, also for an event that has
/// a time of day and for a rule that is not yearly; and for more than 10,000 entries.
Result<std::vector<std::string>> dates_from_icalendar(std::string_view text);

}  // namespace taskcore
