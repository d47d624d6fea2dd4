// Reading a calendar's entries: "saturday", "2026-12-25", "12-25", "2026-12-24/2027-01-01".
#include <algorithm>
#include <charconv>

#include "model/faults.hpp"
#include "model/quote.hpp"
#include "schedule/closed_days.hpp"
#include "schedule/words.hpp"

namespace taskcore {

namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::month_day;
using std::chrono::year;
using std::chrono::year_month_day;
using Rule = ClosedDays::Rule;

constexpr std::size_t kMaxDates = 5000;
constexpr std::size_t kMaxWeekdays = 7;
// A search for an open day goes past the last date, so that must not be thousands of years away.
constexpr unsigned kFirstYear = 1970;
constexpr unsigned kLastYear = 2199;
constexpr days kLongestRange{3660};
constexpr std::uint8_t kWholeWeek = 0x7f;
constexpr const char* kHint = "; write \"2026-12-25\", \"12-25\" for every year, or \"2026-12-24/2027-01-01\"";

/// A date, of one year or of every year.
struct Date {
  std::optional<year> in{};
  month_day day{std::chrono::January / 1};

  local_days local() const { return local_days{*in / day.month() / day.day()}; }
};

std::optional<unsigned> digits(std::string_view text) {
  unsigned number = 0;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  return parsed.ec == std::errc() ? std::optional(number) : std::nullopt;
}

std::optional<Date> read_date(std::string_view text) {
  Date date;
  if (text.size() == 10 && text[4] == '-') {
    const auto number = digits(text.substr(0, 4));
    if (!number || *number < kFirstYear || *number > kLastYear) return std::nullopt;
    date.in = year{static_cast<int>(*number)};
    text.remove_prefix(5);
  }
  if (text.size() != 5 || text[2] != '-') return std::nullopt;
  const auto month = digits(text.substr(0, 2));
  const auto day = digits(text.substr(3));
  if (!month || !day) return std::nullopt;
  date.day = std::chrono::month{*month} / std::chrono::day{*day};
  const bool exists = date.in ? year_month_day{*date.in / date.day.month() / date.day.day()}.ok() : date.day.ok();
  return exists ? std::optional(date) : std::nullopt;
}

/// From one date of the year to another, over the turn of the year where it must; 29 February is among them.
void close_each_year(const month_day& from, const month_day& to, Rule& rule) {
  constexpr year kLeap{2000};
  const local_days last{kLeap / to.month() / to.day()};
  for (local_days day{kLeap / from.month() / from.day()};; day += days{1}) {
    if (year_month_day{day}.year() != kLeap) day = local_days{kLeap / 1 / 1};
    const year_month_day date{day};
    rule.yearly[unsigned{date.month()}] |= 1u << unsigned{date.day()};
    if (day == last) return;
  }
}

/// What is wrong with the entry; empty when it has been taken.
std::string take_entry(std::string_view entry, Rule& rule) {
  const auto unreadable = [&] {
    return "cannot read " + in_quotes(entry) + " as a day of the years 1970 to 2199" + kHint;
  };
  const std::size_t slash = entry.find('/');
  const auto from = read_date(entry.substr(0, slash));
  const auto to = slash == std::string_view::npos ? from : read_date(entry.substr(slash + 1));
  if (!from || !to || from->in.has_value() != to->in.has_value()) return unreadable();
  if (!from->in) {
    close_each_year(from->day, to->day, rule);
    return {};
  }
  if (to->local() < from->local()) return "must not end before it begins";
  if (to->local() - from->local() >= kLongestRange) return "must be at most 3,660 days long";
  rule.ranges.push_back({from->local(), to->local()});
  return {};
}

/// In order, with those that touch or overlap made one.
void put_in_order(std::vector<Rule::Range>& ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Rule::Range> out;
  for (const Rule::Range& range : ranges) {
    if (!out.empty() && range.first <= out.back().last + days{1}) {
      out.back().last = std::max(out.back().last, range.last);
    } else {
      out.push_back(range);
    }
  }
  ranges = std::move(out);
}

/// Whether some day of the year is open on some day of the week. Closed days by full date come to an end.
bool leaves_a_day(const Rule& rule) {
  if (rule.weekdays == kWholeWeek) return false;
  for (unsigned month = 1; month <= 12; ++month) {
    for (unsigned day = 1; day <= 31; ++day) {
      if ((std::chrono::month{month} / std::chrono::day{day}).ok() && (rule.yearly[month] >> day & 1) == 0) return true;
    }
  }
  return false;
}

}  // namespace

Result<ClosedDays> ClosedDays::parse(const CalendarSpec& spec) {
  auto rule = std::make_shared<Rule>();
  Faults faults;
  if (spec.weekdays.size() > kMaxWeekdays) faults.add("/weekdays", "must be at most 7");
  for (std::size_t i = 0; i < std::min(spec.weekdays.size(), kMaxWeekdays); ++i) {
    if (const auto weekday = schedule::weekday_of(spec.weekdays[i])) {
      rule->weekdays = static_cast<std::uint8_t>(rule->weekdays | 1u << *weekday);
    } else {
      faults.add(pointer_to("/weekdays", i), "must be a day of the week such as \"saturday\"");
    }
  }
  if (spec.dates.size() > kMaxDates) {
    faults.add("/dates", "must be at most 5,000 entries");
  } else {
    for (std::size_t i = 0; i < spec.dates.size(); ++i) {
      if (auto wrong = take_entry(spec.dates[i], *rule); !wrong.empty()) {
        faults.add(pointer_to("/dates", i), std::move(wrong));
      }
    }
  }
  if (!leaves_a_day(*rule)) faults.add(rule->weekdays == kWholeWeek ? "/weekdays" : "/dates", "must leave a day open");
  if (auto fine = faults.take(); !fine) return fine.error();
  put_in_order(rule->ranges);
  ClosedDays out;
  out.rule_ = std::move(rule);
  return out;
}

}  // namespace taskcore
