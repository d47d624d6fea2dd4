// See cron_days.hpp.
#include "schedule/cron_days.hpp"

#include "schedule/words.hpp"

namespace taskcore::schedule {

namespace {

// Vixie's rule: what begins with a star leaves the other day field to decide, even with a step.
bool unrestricted(std::string_view field) { return field.front() == '*' || field.front() == '?'; }

bool ends_in(std::string_view word, char letter) {
  return !word.empty() && (word.back() == letter || word.back() == letter - 'A' + 'a');
}

// "L", "L-3", "LW", "15W", or what any field may have.
Result<void> read_date(std::string_view item, const CronText& text, Days& days) {
  if (is(item, "l")) {
    days.before_last |= 1u;
  } else if (is(item, "lw")) {
    days.last_workday = true;
  } else if (item.size() > 2 && is(item.substr(0, 2), "l-")) {
    static constexpr CronField kBack{"a number of days before the last", "L-0 to L-30", 0, 30};
    const auto back = read_cron_value(kBack, item.substr(2), text);
    if (!back) return text.error(item, "not a day counted from the month's end; write L-1 to L-30");
    days.before_last |= 1u << *back;
  } else if (ends_in(item, 'W')) {
    const auto date = read_cron_value(kDateField, item.substr(0, item.size() - 1), text);
    if (!date) return text.error(item, "not the workday nearest to a day; write 1W to 31W, or LW for the last one");
    days.workday_near |= 1u << *date;
  } else {
    const auto bits = read_cron_item(kDateField, item, text);
    if (!bits) return bits.error();
    days.dates |= static_cast<std::uint32_t>(*bits);
  }
  return {};
}

// "5L", "FRIL", "MON#1", or what any field may have.
Result<void> read_weekday(std::string_view item, const CronText& text, Days& days) {
  const std::size_t hash = item.find('#');
  if (is(item, "l")) {
    return text.error(item, "says not which weekday; write 6 for Saturday, or FRIL for the month's last Friday");
  }
  if (hash != std::string_view::npos) {
    const std::string_view nth = item.substr(hash + 1);
    if (nth.size() != 1 || nth[0] < '1' || nth[0] > '5') {
      return text.error(item, "not the nth weekday of a month; write MON#1 to MON#5");
    }
    const auto weekday = read_cron_value(kWeekdayField, item.substr(0, hash), text);
    if (!weekday) return weekday.error();
    auto& those = days.nth_weekdays[static_cast<std::size_t>(nth[0] - '1')];
    those = static_cast<std::uint8_t>(those | 1u << *weekday % 7);
  } else if (ends_in(item, 'L')) {
    const auto weekday = read_cron_value(kWeekdayField, item.substr(0, item.size() - 1), text);
    if (!weekday) return weekday.error();
    days.last_weekdays = static_cast<std::uint8_t>(days.last_weekdays | 1u << *weekday % 7);
  } else {
    const auto bits = read_cron_item(kWeekdayField, item, text);
    if (!bits) return bits.error();
    days.weekdays = static_cast<std::uint8_t>(days.weekdays | *bits);
  }
  return {};
}

}  // namespace

Result<Days> read_cron_days(std::string_view dates, std::string_view months, std::string_view weekdays,
                            const CronText& text) {
  Days days;
  days.dates = 0;
  days.weekdays = 0;
  const auto dated = for_each_cron_item(dates, [&](auto item) { return read_date(item, text, days); });
  if (!dated) return dated.error();
  const auto in_months = read_cron_field(kMonthField, months, text);
  if (!in_months) return in_months.error();
  days.months = static_cast<std::uint16_t>(*in_months);
  const auto named = for_each_cron_item(weekdays, [&](auto item) { return read_weekday(item, text, days); });
  if (!named) return named.error();
  days.either = !unrestricted(dates) && !unrestricted(weekdays);
  if (days.possible()) return days;
  if (!days.dates_possible()) return text.error(dates, "no month that is chosen has such a day, so it is never due");
  return text.error(weekdays, "no such weekday ever falls on the days that are chosen, so it is never due");
}

}  // namespace taskcore::schedule
