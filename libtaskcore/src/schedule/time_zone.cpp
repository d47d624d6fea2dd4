// TimeZone: see time_zone.hpp. Over cctz, which knows the rule at the end of a zone's file for years beyond its table.
#include "schedule/time_zone.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "model/quote.hpp"

namespace taskcore::schedule {

namespace {

using std::chrono::seconds;

// Names inside the database's folder only, and of those not the ones that are no IANA zones: "right" counts leap
// seconds, "posix" repeats everything, and the other two mean whatever the machine was set to.
bool is_zone_name(std::string_view name) {
  constexpr std::size_t kLongest = 64;
  const auto letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
  const auto allowed = [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+' || c == '/';
  };
  if (name.empty() || name.size() > kLongest || !letter(name.front())) return false;
  if (!std::all_of(name.begin(), name.end(), allowed)) return false;
  return !name.starts_with("right/") && !name.starts_with("posix/") && name != "localtime" && name != "posixrules";
}

// Asked before cctz is, since cctz remembers every name it did not find for as long as the process lives.
bool has_file(const std::string& name) {
  const char* folder = std::getenv("TZDIR");
  std::error_code ignored;
  return std::filesystem::is_regular_file(
      std::filesystem::path(folder != nullptr && *folder != '\0' ? folder : "/usr/share/zoneinfo") / name, ignored);
}

}  // namespace

TimeZone::TimeZone() : zone_(cctz::utc_time_zone()) {}

Result<TimeZone> TimeZone::find(const std::string& name) {
  if (name == "UTC") return TimeZone();
  cctz::time_zone zone;
  if (!is_zone_name(name) || !has_file(name) || !cctz::load_time_zone(name, &zone)) {
    return invalid("/timezone", "there is no time zone " + in_quotes(name) +
                                    "; use an IANA name, in its own spelling, such as \"Europe/Berlin\" or \"UTC\"");
  }
  return TimeZone(zone);
}

LocalTime TimeZone::local(TimePoint at) const {
  const auto second = std::chrono::floor<seconds>(at);
  const cctz::time_point<cctz::seconds> instant{second.time_since_epoch()};
  return LocalTime{second.time_since_epoch() + seconds{zone_.lookup(instant).offset}};
}

TimePoint TimeZone::first_instant(LocalTime reading) const {
  const auto day = std::chrono::floor<std::chrono::days>(reading);
  const std::chrono::year_month_day date{day};
  const cctz::civil_second civil(int{date.year()}, unsigned{date.month()}, unsigned{date.day()}, 0, 0,
                                 (reading - day).count());
  const auto found = zone_.lookup(civil);
  const auto at = found.kind == cctz::time_zone::civil_lookup::SKIPPED ? found.trans : found.pre;
  return TimePoint{at.time_since_epoch()};
}

}  // namespace taskcore::schedule
