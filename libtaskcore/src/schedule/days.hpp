// Which days of the calendar a wall-clock schedule takes: sets of bits, from which a month's days come in some
// operations, whatever the pattern. So the search for a day goes from month to month.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace taskcore::schedule {

/// Days by their date, by their weekday, or both; every day unless told otherwise. Weekdays count from Sunday, 0.
struct Days {
  static constexpr std::uint16_t kAllMonths = 0x1ffe;
  static constexpr std::uint32_t kAllDates = 0xfffffffe;
  static constexpr std::uint8_t kAllWeekdays = 0x7f;

  std::uint16_t months = kAllMonths;  ///< Bits 1 to 12.

  std::uint32_t dates = kAllDates;  ///< Bits 1 to 31.
  std::uint32_t before_last = 0;    ///< Bit k: k days before the month's last day.
  std::uint32_t workday_near = 0;   ///< Bit d: the day from Monday to Friday nearest to day d, in the same month.
  bool last_workday = false;        ///< The month's last day from Monday to Friday.

  std::uint8_t weekdays = kAllWeekdays;        ///< Bits 0 to 6.
  std::array<std::uint8_t, 5> nth_weekdays{};  ///< [n]: those weekdays of which this is the n+1st in the month.
  std::uint8_t last_weekdays = 0;              ///< Those weekdays of which this is the last in the month.

  bool either = false;  ///< The date or the weekday is enough; else both must match.

  /// The first matching day that is `day` or later, up to the year 9999.
  std::optional<std::chrono::local_days> first_from(std::chrono::local_days day) const;

  /// How many matching days there are in [from, to).
  std::size_t count(std::chrono::local_days from, std::chrono::local_days to) const;

  bool every_day() const;

  /// Whether any day ever matches; and whether any would if all weekdays were taken.
  bool possible() const;
  bool dates_possible() const;

 private:
  std::uint32_t by_date(unsigned length, unsigned first_weekday) const;
  std::uint32_t by_weekday(unsigned length, unsigned first_weekday) const;
  std::uint32_t of_month(std::chrono::year_month month) const;
  std::uint32_t matching(unsigned length, unsigned first_weekday) const;
};

}  // namespace taskcore::schedule
