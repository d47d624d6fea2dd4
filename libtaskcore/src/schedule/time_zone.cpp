// TimeZone: see time_zone.hpp. Over cctz, which knows the rule at the end of a zone's file for years beyond its table.
#include "schedule/time_zone.hpp"

#include <algorithm>
#include <string_view>

#include "model/quote.hpp"
#include "schedule/zone_folder.hpp"

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
  zones_in_use();
  std::error_code ignored;
  return std::filesystem::is_regular_file(zone_folder() / name, ignored);
}

cctz::civil_second civil(LocalTime reading) {
  const auto day = std::chrono::floor<std::chrono::days>(reading);
  const std::chrono::year_month_day date{day};
  return cctz::civil_second(int{date.year()}, unsigned{date.month()}, unsigned{date.day()}, 0, 0,
                            (reading - day).count());
}

}  // namespace

TimeZone::TimeZone() : zone_(cctz::utc_time_zone()) {}

TimeZone::TimeZone(cctz::time_zone zone) : zone_(zone) {
  cctz::time_zone::civil_transition ignored;
  const auto far_off = cctz::convert(cctz::civil_second(2200, 1, 1), cctz::utc_time_zone());
  changes_for_ever_ = zone_.next_transition(far_off, &ignored);
}

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

TimeZone::Shown TimeZone::shown(LocalTime reading) const {
  using Lookup = cctz::time_zone::civil_lookup;
  const auto instant = [](const auto& at) { return TimePoint{at.time_since_epoch()}; };
  const auto found = zone_.lookup(civil(reading));
  switch (found.kind) {
    case Lookup::UNIQUE:
      return {Shown::once, instant(found.pre), instant(found.pre), reading};
    case Lookup::SKIPPED:
      return {Shown::never, instant(found.trans), instant(found.trans), reading};
    case Lookup::REPEATED:
      break;
  }
  return {Shown::twice, instant(found.pre), instant(found.post),
          reading + seconds{(found.trans - found.pre) / cctz::seconds{1}}};
}

std::optional<TimePoint> TimeZone::next_change(TimePoint at) const {
  // What cctz's table says of the last 400 years is the zone's rule, which goes on.
  constexpr Duration kCycle = 146'097 * std::chrono::hours{24};
  const auto second = std::chrono::floor<seconds>(at);
  const cctz::time_point<cctz::seconds> instant{second.time_since_epoch()};
  cctz::time_zone::civil_transition change;
  if (zone_.next_transition(instant, &change)) {
    // The offset until then is the one at `at`.
    return TimePoint{seconds{change.from - cctz::civil_second()} - seconds{zone_.lookup(instant).offset}};
  }
  if (!changes_for_ever_) return std::nullopt;
  const auto earlier = next_change(at - kCycle);
  return earlier ? std::optional(*earlier + kCycle) : std::nullopt;
}

std::string TimeZone::name() const { return zone_.name(); }

}  // namespace taskcore::schedule
