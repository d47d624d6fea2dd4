// See span.hpp.
#include "schedule/span.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "model/quote.hpp"

namespace taskcore::schedule {

namespace {

using namespace std::chrono_literals;

struct Unit {
  std::array<std::string_view, 5> names;
  Duration length;
};

constexpr std::array<Unit, 5> kUnits{{
    {{"second", "seconds", "sec", "secs", "s"}, 1s},
    {{"minute", "minutes", "min", "mins", "m"}, 1min},
    {{"hour", "hours", "hr", "hrs", "h"}, 1h},
    {{"day", "days", "d"}, 24h},
    {{"week", "weeks", "w"}, 7 * 24h},
}};

constexpr Duration kLongest = 36'525 * 24h;

}  // namespace

Duration unit_length(std::string_view word) {
  if (word.empty()) return 0ms;
  for (const Unit& unit : kUnits) {
    if (std::any_of(unit.names.begin(), unit.names.end(), [&](auto name) { return is(word, name); }))
      return unit.length;
  }
  return 0ms;
}

Result<Duration> read_span(Words words) {
  const std::string_view written = as_written(words);
  const std::string_view head = words.empty() ? std::string_view{} : words[0];
  const std::size_t digits = std::min(head.find_first_not_of("0123456789"), head.size());
  const bool apart = words.size() == 2 && digits == head.size();
  const Duration unit = apart || words.size() == 1 ? unit_length(apart ? words[1] : head.substr(digits)) : 0ms;
  if (digits == 0 || unit == 0ms) {
    return invalid("/schedule",
                   "cannot read " + in_quotes(written) +
                       "; write a whole number and a unit, such as \"5 minutes\", \"30s\", \"2h\" or \"1 week\"");
  }
  std::int64_t count = 0;
  const auto parsed = std::from_chars(head.data(), head.data() + digits, count);
  if (parsed.ec != std::errc{} || count == 0 || count > kLongest / unit) {
    return invalid("/schedule",
                   in_quotes(written) + " is out of range; it must be from 1 second to 100 years (36525 days)");
  }
  return count * unit;
}

}  // namespace taskcore::schedule
