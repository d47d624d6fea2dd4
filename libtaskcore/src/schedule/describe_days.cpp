// Days in plain words: see describe.hpp.
#include <array>

#include "schedule/describe.hpp"
#include "schedule/describe_values.hpp"

namespace taskcore::schedule {

namespace {

constexpr std::array<const char*, 7> kWeekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                               "Thursday", "Friday", "Saturday"};
constexpr std::array<const char*, 13> kMonths{"",     "January", "February",  "March",   "April",    "May",     "June",
                                              "July", "August",  "September", "October", "November", "December"};
constexpr std::array<const char*, 5> kNth{"first", "second", "third", "fourth", "fifth"};

// Monday first, Sunday last: bit 0 goes to bit 7.
std::string weekday_names(std::uint8_t weekdays) {
  const auto set = static_cast<std::uint64_t>((weekdays | (weekdays & 1) << 7) & ~1);
  return in_words(set, "weekday", [](unsigned weekday) { return std::string(kWeekdays[weekday % 7]); });
}

std::string by_date(const Days& days) {
  std::vector<std::string> items;
  if (days.dates != 0) items.push_back(in_words(days.dates, "day"));
  for (unsigned back = 30; back > 0; --back) {
    if ((days.before_last >> back & 1) == 0) continue;
    items.push_back("the day " + std::to_string(back) + (back == 1 ? " day" : " days") + " before the last");
  }
  if (days.workday_near != 0) items.push_back("the Monday to Friday nearest to " + in_words(days.workday_near, "day"));
  if (days.last_workday) items.push_back("the last Monday to Friday");
  if ((days.before_last & 1) != 0) items.push_back("the last day");
  return in_a_row(items) + " of the month";
}

std::string by_weekday(const Days& days) {
  std::vector<std::string> items;
  if (days.weekdays != 0) items.push_back(weekday_names(days.weekdays));
  std::vector<std::string> numbered;
  for (std::size_t n = 0; n < kNth.size(); ++n) {
    const auto those = days.nth_weekdays[n];
    if (those != 0) numbered.push_back("the " + std::string(kNth[n]) + " " + weekday_names(those));
  }
  if (days.last_weekdays != 0) numbered.push_back("the last " + weekday_names(days.last_weekdays));
  if (!numbered.empty()) items.push_back(in_a_row(numbered) + " of the month");
  return in_a_row(items);
}

}  // namespace

std::string describe(const Days& days) {
  if (days.every_day()) return "every day";
  const bool all_dates = days.dates == Days::kAllDates;
  const bool all_weekdays = days.weekdays == Days::kAllWeekdays;
  std::string out;
  if (days.either) {
    out = "on " + by_date(days) + " or on " + by_weekday(days);
  } else if (!all_dates) {
    out = "on " + by_date(days) + (all_weekdays ? "" : ", if it is " + by_weekday(days));
  } else if (!all_weekdays) {
    out = "on " + by_weekday(days);
  } else {
    out = "every day";
  }
  if (days.months == Days::kAllMonths) return out;
  return out + " in " + in_words(days.months, "month", [](unsigned month) { return std::string(kMonths[month]); });
}

}  // namespace taskcore::schedule
