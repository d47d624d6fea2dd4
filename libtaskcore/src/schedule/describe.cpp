// See describe.hpp; days are in describe_days.cpp.
#include "schedule/describe.hpp"

#include <array>

#include "schedule/describe_values.hpp"

namespace taskcore::schedule {

namespace {

using std::chrono::seconds;

constexpr std::uint64_t kSixty = (std::uint64_t{1} << 60) - 1;
constexpr std::uint32_t kAllHours = (1u << 24) - 1;

struct Unit {
  const char* name;
  Duration length;
};

constexpr std::array<Unit, 5> kUnits{{{"week", std::chrono::hours{7 * 24}},
                                      {"day", std::chrono::hours{24}},
                                      {"hour", std::chrono::hours{1}},
                                      {"minute", std::chrono::minutes{1}},
                                      {"second", seconds{1}}}};

// "09:00", "09:00:30".
std::string time_text(seconds time) {
  const std::string text = format_time(TimePoint{time}).substr(11, 8);
  return text.ends_with(":00") ? text.substr(0, 5) : text;
}

std::string listed(const TimesOfDay& times) {
  std::vector<std::string> items;
  for (auto time = times.first_from(seconds{0}); time; time = times.first_from(*time + seconds{1})) {
    items.push_back(time_text(*time));
  }
  return "at " + in_a_row(items);
}

// "minute 0, 15, 30 and 45"; "every minute" for all of them.
std::string part(const char* unit, std::uint64_t set, std::uint64_t all) {
  return set == all ? std::string("every ") + unit : in_words(set, unit);
}

std::string by_field(const ClockFields& fields) {
  const bool every_hour = fields.hours == kAllHours;
  const bool every_minute = fields.minutes == kSixty;
  std::string out = "at ";
  if (fields.seconds != 1) out += part("second", fields.seconds, kSixty) + " of ";
  if (every_minute && every_hour) return out + "every minute";
  return out + part("minute", fields.minutes, kSixty) + " of " + part("hour", fields.hours, kAllHours);
}

}  // namespace

std::string describe(const Never&) { return "only when asked"; }

std::string describe(const Once& once) {
  return once.closed ? "never: " + format_time(once.instant) + " is on a closed day"
                     : "once, at " + format_time(once.instant);
}

std::string describe(const Grid& grid) {
  const Unit* unit = kUnits.begin();
  while (grid.step % unit->length != Duration{0}) ++unit;
  const auto count = grid.step / unit->length;
  const std::string step = count == 1 ? unit->name : std::to_string(count) + " " + unit->name + "s";
  return "every " + step + " from " + format_time(grid.first);
}

std::string describe(const OpenGrid& open) { return describe(open.grid) + ", but on closed days"; }

std::string describe(const AfterDependencies& after) {
  return after.closed.none() ? "after its dependencies" : "after its dependencies, but on closed days";
}

std::string describe(const WallClock& clock) {
  constexpr std::size_t kListed = 6;
  const bool few = clock.times.fields() == nullptr || clock.times.count() <= kListed;
  std::string out = few ? listed(clock.times) + " " : by_field(*clock.times.fields());
  const DueDays& days = clock.days;
  if (few || !days.pattern.every_day()) out += (few ? "" : ", ") + describe(days.pattern);
  out += ", " + clock.zone.name();
  if (days.closed.none()) return out;
  return out + (days.on_closed == OnClosedDay::skip ? ", but on closed days" : ", on closed days the next working day");
}

}  // namespace taskcore::schedule
