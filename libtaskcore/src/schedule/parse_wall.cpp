// "daily at 9:00 and 17:30", "weekly on monday at 9:00", "monthly on 1, last at 9:00", "weekdays at 8:30": times of day
// as the wall in the task's zone shows them, on all days or some.
#include <charconv>

#include "model/quote.hpp"
#include "schedule/parse.hpp"
#include "schedule/parse_times.hpp"

namespace taskcore::schedule {

namespace {

constexpr std::uint8_t kSaturdayAndSunday = 0x41;

constexpr std::string_view kWeeklyHint = "write \"weekly on monday, friday at 9:00\"";
constexpr std::string_view kMonthlyHint = "write \"monthly on 1, 15, last at 9:00\", with days from 1 to 31";

bool take_weekday(std::string_view word, Days& days) {
  const auto weekday = weekday_of(word);
  if (weekday) days.weekdays = static_cast<std::uint8_t>(days.weekdays | 1u << *weekday);
  return weekday.has_value();
}

bool take_date(std::string_view word, Days& days) {
  if (is(word, "last")) {
    days.before_last = 1;
    return true;
  }
  unsigned date = 0;
  const auto parsed = std::from_chars(word.data(), word.data() + word.size(), date);
  if (parsed.ec != std::errc() || parsed.ptr != word.data() + word.size() || date < 1 || date > 31) return false;
  days.dates |= 1u << date;
  return true;
}

// "at", and times.
Result<Reading> on(const Days& days, Words words, const TimeZone& zone, std::string_view form) {
  if (words.empty() || !is(words.front(), "at")) {
    return invalid("/schedule", "needs a time of day after " + in_quotes(form) + "; write \"" + std::string(form) +
                                    " at 9:00 and 17:30\"");
  }
  auto times = read_times(words.subspan(1));
  if (!times) return times.error();
  return Reading{WallClock{{days}, TimesOfDay(std::move(*times)), zone, WallClock::Changes::settle}, {}};
}

// "on", a list of days, and what follows it.
Result<Reading> on_some(const Request& request, Days days, bool (*take)(std::string_view, Days&), std::string_view what,
                        std::string_view hint) {
  Words words = request.rest;
  const auto refusal = [&](std::string_view word) {
    return invalid("/schedule",
                   "cannot read " + in_quotes(word) + " as " + std::string(what) + "; " + std::string(hint));
  };
  if (words.empty() || !is(words.front(), "on")) return refusal(words.empty() ? "" : words.front());
  words = words.subspan(1);
  do {
    if (words.empty() || !take(words.front(), days)) return refusal(words.empty() ? "" : words.front());
    words = words.subspan(1);
  } while (skip_separator(words));
  if (words.empty() || !is(words.front(), "at")) return refusal(words.empty() ? "" : words.front());
  return on(days, words, request.zone, {});
}

}  // namespace

Result<Reading> read_daily(const Request& request) { return on(Days{}, request.rest, request.zone, "daily"); }

Result<Reading> read_weekdays(const Request& request) {
  Days days;
  days.weekdays = Days::kAllWeekdays & ~kSaturdayAndSunday;
  return on(days, request.rest, request.zone, "weekdays");
}

Result<Reading> read_weekends(const Request& request) {
  Days days;
  days.weekdays = kSaturdayAndSunday;
  return on(days, request.rest, request.zone, "weekends");
}

Result<Reading> read_weekly(const Request& request) {
  Days days;
  days.weekdays = 0;
  return on_some(request, days, take_weekday, "\"on\" and a weekday", kWeeklyHint);
}

Result<Reading> read_monthly(const Request& request) {
  Days days;
  days.dates = 0;
  return on_some(request, days, take_date, "\"on\" and a day of the month", kMonthlyHint);
}

}  // namespace taskcore::schedule
