// TimesOfDay: see times_of_day.hpp.
#include "schedule/times_of_day.hpp"

#include <algorithm>
#include <bit>

namespace taskcore::schedule {

namespace {

using std::chrono::seconds;

struct Reading {
  int hour;
  int minute;
  int second;
};

constexpr Reading split_up(seconds time) {
  const auto all = static_cast<int>(time.count());
  return {all / 3600, all / 60 % 60, all % 60};
}

constexpr seconds together(int hour, int minute, int second) { return seconds{(hour * 60 + minute) * 60 + second}; }

constexpr bool has(std::uint64_t set, int bit) { return (set >> bit & 1) != 0; }
constexpr std::uint64_t from(std::uint64_t set, int bit) { return set & ~std::uint64_t{0} << bit; }
constexpr std::size_t count_below(std::uint64_t set, int bit) {
  return static_cast<std::size_t>(std::popcount(set & ~(~std::uint64_t{0} << bit)));
}
constexpr std::size_t count_of(std::uint64_t set) { return static_cast<std::size_t>(std::popcount(set)); }

std::optional<seconds> first_in(const ClockFields& fields, seconds time) {
  const auto [hour, minute, second] = split_up(time);
  const int first_minute = std::countr_zero(fields.minutes);
  const int first_second = std::countr_zero(fields.seconds);
  if (hour < 24 && has(fields.hours, hour)) {
    if (has(fields.minutes, minute)) {
      if (const auto left = from(fields.seconds, second)) return together(hour, minute, std::countr_zero(left));
    }
    if (const auto left = from(fields.minutes, minute + 1)) return together(hour, std::countr_zero(left), first_second);
  }
  if (const auto left = from(fields.hours, hour + 1))
    return together(std::countr_zero(left), first_minute, first_second);
  return std::nullopt;
}

}  // namespace

std::optional<seconds> TimesOfDay::first_from(seconds time) const {
  if (const auto* fields = std::get_if<ClockFields>(&times_)) return first_in(*fields, time);
  const auto& listed = std::get<ListedTimes>(times_);
  const auto found = std::lower_bound(listed.begin(), listed.end(), time);
  if (found == listed.end()) return std::nullopt;
  return *found;
}

std::size_t TimesOfDay::count_before(seconds time) const {
  if (const auto* fields = std::get_if<ClockFields>(&times_)) {
    const auto [hour, minute, second] = split_up(time);
    const std::size_t a_minute = count_of(fields->seconds);
    const std::size_t an_hour = count_of(fields->minutes) * a_minute;
    std::size_t out = count_below(fields->hours, hour) * an_hour;
    if (!has(fields->hours, hour)) return out;
    out += count_below(fields->minutes, minute) * a_minute;
    return has(fields->minutes, minute) ? out + count_below(fields->seconds, second) : out;
  }
  const auto& listed = std::get<ListedTimes>(times_);
  return static_cast<std::size_t>(std::lower_bound(listed.begin(), listed.end(), time) - listed.begin());
}

std::size_t TimesOfDay::count() const {
  if (const auto* fields = std::get_if<ClockFields>(&times_)) {
    return count_of(fields->hours) * count_of(fields->minutes) * count_of(fields->seconds);
  }
  return std::get<ListedTimes>(times_).size();
}

}  // namespace taskcore::schedule
