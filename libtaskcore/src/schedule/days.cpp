// Days: see days.hpp. A month is told by its length and the weekday of its first day; its days are bits 1 to 31.
#include "schedule/days.hpp"

#include <algorithm>
#include <bit>

namespace taskcore::schedule {

namespace {

using std::chrono::local_days;
using std::chrono::year_month;
using std::chrono::year_month_day;

constexpr int kLastYear = 9999;

constexpr bool has(std::uint32_t set, unsigned bit) { return (set >> bit & 1) != 0; }

constexpr std::uint32_t up_to(unsigned length) { return static_cast<std::uint32_t>((std::uint64_t{2} << length) - 2); }

// Weekdays as days counted from a day of weekday `first`: bit i is i days later.
constexpr std::uint32_t counted_from(std::uint8_t weekdays, unsigned first) {
  return (std::uint32_t{weekdays} >> first | std::uint32_t{weekdays} << (7 - first)) & Days::kAllWeekdays;
}

// The day from Monday to Friday that is nearest to `day` and in the same month.
constexpr unsigned workday_near(unsigned day, unsigned length, unsigned first_weekday) {
  const unsigned weekday = (first_weekday + day - 1) % 7;
  if (weekday == 6) return day == 1 ? 3 : day - 1;
  if (weekday == 0) return day == length ? day - 2 : day + 1;
  return day;
}

unsigned length_of(year_month month) { return unsigned{(month / std::chrono::last).day()}; }

}  // namespace

std::uint32_t Days::by_date(unsigned length, unsigned first_weekday) const {
  std::uint32_t out = dates;
  for (std::uint32_t rest = before_last; rest != 0; rest &= rest - 1) {
    const auto back = static_cast<unsigned>(std::countr_zero(rest));
    if (back < length) out |= 1u << (length - back);
  }
  for (std::uint32_t rest = workday_near & up_to(length); rest != 0; rest &= rest - 1) {
    out |= 1u << schedule::workday_near(static_cast<unsigned>(std::countr_zero(rest)), length, first_weekday);
  }
  if (last_workday) out |= 1u << schedule::workday_near(length, length, first_weekday);
  return out & up_to(length);
}

std::uint32_t Days::by_weekday(unsigned length, unsigned first_weekday) const {
  const std::uint64_t week = counted_from(weekdays, first_weekday);
  std::uint64_t out = week | week << 7 | week << 14 | week << 21 | week << 28;
  for (unsigned n = 0; n < nth_weekdays.size(); ++n) {
    out |= std::uint64_t{counted_from(nth_weekdays[n], first_weekday)} << 7 * n;
  }
  const unsigned last_seven = length - 7;
  out |= std::uint64_t{counted_from(last_weekdays, (first_weekday + last_seven) % 7)} << last_seven;
  return static_cast<std::uint32_t>(out << 1) & up_to(length);
}

std::uint32_t Days::matching(unsigned length, unsigned first_weekday) const {
  const std::uint32_t dated = by_date(length, first_weekday);
  if (!either && weekdays == kAllWeekdays) return dated;
  const std::uint32_t named = by_weekday(length, first_weekday);
  return either ? dated | named : dated & named;
}

std::uint32_t Days::of_month(year_month month) const {
  return matching(length_of(month), std::chrono::weekday{local_days{month / 1}}.c_encoding());
}

std::optional<local_days> Days::first_from(local_days day) const {
  if (every_day()) return day;
  const year_month_day date{day};
  unsigned earliest = unsigned{date.day()};
  for (year_month month{date.year(), date.month()}; int{month.year()} <= kLastYear;) {
    if (has(months, unsigned{month.month()})) {
      const std::uint32_t left = of_month(month) & ~0u << earliest;
      if (left != 0) return local_days{month / std::countr_zero(left)};
    }
    earliest = 1;
    const std::uint32_t later = months & ~1u << unsigned{month.month()};
    month = later != 0 ? month.year() / std::countr_zero(later)
                       : (month.year() + std::chrono::years{1}) / std::countr_zero(months);
  }
  return std::nullopt;
}

std::size_t Days::count(local_days from, local_days to) const {
  if (from >= to) return 0;
  if (every_day()) return static_cast<std::size_t>((to - from).count());
  const year_month_day begin{from};
  const year_month_day end{to};
  const year_month last{end.year(), end.month()};
  std::size_t out = 0;
  for (year_month month{begin.year(), begin.month()}; month <= last; month += std::chrono::months{1}) {
    if (!has(months, unsigned{month.month()})) continue;
    std::uint32_t days = of_month(month);
    if (month == year_month{begin.year(), begin.month()}) days &= ~0u << unsigned{begin.day()};
    if (month == last) days &= ~(~0u << unsigned{end.day()});
    out += static_cast<std::size_t>(std::popcount(days));
  }
  return out;
}

bool Days::every_day() const {
  return dates == kAllDates && weekdays == kAllWeekdays && months == kAllMonths && !either;
}

// In 400 years each month of each length begins on each weekday, the 29 days of February too.
bool Days::possible() const {
  for (unsigned month = 1; month <= 12; ++month) {
    if (!has(months, month)) continue;
    const unsigned longest = month == 2 ? 29 : length_of(std::chrono::year{2000} / static_cast<int>(month));
    for (unsigned length = month == 2 ? 28 : longest; length <= longest; ++length) {
      for (unsigned weekday = 0; weekday < 7; ++weekday) {
        if (matching(length, weekday) != 0) return true;
      }
    }
  }
  return false;
}

bool Days::dates_possible() const {
  Days dated = *this;
  dated.weekdays = kAllWeekdays;
  dated.either = false;
  return dated.possible();
}

}  // namespace taskcore::schedule
