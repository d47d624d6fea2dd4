// See icalendar_rule.hpp.
#include "schedule/icalendar_rule.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "model/quote.hpp"

namespace taskcore::schedule {

namespace {

using std::chrono::local_days;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr year kLastYear{2099};

std::optional<int> read_number(std::string_view text, int least, int most) {
  int number = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return number >= least && number <= most ? std::optional(number) : std::nullopt;
}

std::optional<std::chrono::weekday> read_weekday(std::string_view text) {
  constexpr std::array<std::string_view, 7> kNames{"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
  const auto found = std::find(kNames.begin(), kNames.end(), text);
  if (found == kNames.end()) return std::nullopt;
  return std::chrono::weekday{static_cast<unsigned>(found - kNames.begin())};
}

}  // namespace

std::optional<local_days> read_ical_date(std::string_view text) {
  if (text.size() != 8) return std::nullopt;
  const auto in = read_number(text.substr(0, 4), 1970, 9999);
  const auto month = read_number(text.substr(4, 2), 1, 12);
  const auto day = read_number(text.substr(6), 1, 31);
  if (!in || !month || !day) return std::nullopt;
  const year_month_day date = year{*in} / *month / *day;
  return date.ok() ? std::optional(local_days{date}) : std::nullopt;
}

Result<void> YearlyRule::take(std::string_view name, std::string_view value) {
  bool fine = true;
  if (name == "FREQ") {
    fine = value == "YEARLY";
  } else if (name == "INTERVAL") {
    const auto number = read_number(value, 1, 1000);
    fine = number.has_value();
    interval_ = number.value_or(1);
  } else if (name == "COUNT") {
    count_ = read_number(value, 1, 10'000);
    fine = count_.has_value();
  } else if (name == "UNTIL") {
    until_ = read_ical_date(value.substr(0, value.find('T')));
    fine = until_.has_value();
  } else if (name == "BYMONTH") {
    const auto number = read_number(value, 1, 12);
    fine = number.has_value();
    if (number) month_ = std::chrono::month{static_cast<unsigned>(*number)};
  } else if (name == "BYMONTHDAY") {
    month_day_ = read_number(value, -31, 31);
    fine = month_day_.value_or(0) != 0;
  } else if (name == "BYDAY") {
    const auto day = value.size() > 2 ? read_weekday(value.substr(value.size() - 2)) : std::nullopt;
    const auto number = day ? read_number(value.substr(0, value.size() - 2), -5, 5) : std::nullopt;
    fine = number.value_or(0) != 0;
    if (fine) weekday_ = Weekday{*number, *day};
  } else {
    fine = name == "WKST";
  }
  if (fine) return {};
  return invalid("", "the rule's part " + in_quotes(std::string(name) + "=" + std::string(value)) +
                         " is not read; yearly rules are, such as FREQ=YEARLY;BYMONTH=11;BYDAY=4TH");
}

Result<YearlyRule> YearlyRule::parse(std::string_view text) {
  YearlyRule rule;
  bool yearly = false;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(';', begin), text.size());
    const std::string_view part = text.substr(begin, end - begin);
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string_view name = part.substr(0, equals);
    if (auto taken = rule.take(name, part.substr(std::min(equals + 1, part.size()))); !taken) return taken.error();
    yearly = yearly || name == "FREQ";
    begin = end + 1;
  }
  if (!yearly) return invalid("", "the rule has no FREQ");
  if ((rule.weekday_ || rule.month_day_) && !rule.month_) return invalid("", "the rule needs BYMONTH");
  if (rule.weekday_ && rule.month_day_) return invalid("", "the rule has BYDAY and BYMONTHDAY; one of them is read");
  return rule;
}

bool YearlyRule::is_every_year_on(local_days start) const {
  const year_month_day date{start};
  return interval_ == 1 && !count_ && !until_ && !weekday_ && month_.value_or(date.month()) == date.month() &&
         month_day_.value_or(static_cast<int>(unsigned{date.day()})) == static_cast<int>(unsigned{date.day()});
}

std::optional<local_days> YearlyRule::day_in(year in, year_month_day start) const {
  const std::chrono::month month = month_.value_or(start.month());
  const year_month_day last{in / month / std::chrono::last};
  year_month_day date = in / month / start.day();
  if (weekday_ && weekday_->number > 0) {
    const auto numbered = in / month / weekday_->day[static_cast<unsigned>(weekday_->number)];
    if (!numbered.ok()) return std::nullopt;
    date = year_month_day{local_days{numbered}};
  } else if (weekday_) {
    const local_days back{in / month / weekday_->day[std::chrono::last]};
    date = year_month_day{back + std::chrono::weeks{weekday_->number + 1}};
    if (date.month() != month) return std::nullopt;
  } else if (month_day_) {
    const int day = *month_day_ > 0 ? *month_day_ : static_cast<int>(unsigned{last.day()}) + 1 + *month_day_;
    if (day < 1) return std::nullopt;
    date = in / month / day;
  }
  return date.ok() ? std::optional(local_days{date}) : std::nullopt;
}

std::vector<local_days> YearlyRule::days(local_days start) const {
  std::vector<local_days> out;
  const year_month_day first{start};
  const std::size_t most = static_cast<std::size_t>(count_.value_or(10'000));
  for (year in = first.year(); in <= kLastYear && out.size() < most; in += std::chrono::years{interval_}) {
    const auto day = day_in(in, first);
    if (until_ && day && *day > *until_) break;
    if (day && *day >= start) out.push_back(*day);
  }
  return out;
}

}  // namespace taskcore::schedule
