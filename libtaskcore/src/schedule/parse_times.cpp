// See parse_times.hpp.
#include "schedule/parse_times.hpp"

#include <algorithm>
#include <optional>

#include "model/quote.hpp"

namespace taskcore::schedule {

namespace {

constexpr std::size_t kMostTimes = 100;

// One or two digits of an hour, two of a minute, and two of a second where there is one.
std::optional<std::chrono::seconds> time_of_day(std::string_view word) {
  constexpr int kLimits[] = {24, 60, 60};
  std::size_t field = 0;
  int values[3] = {};
  std::size_t digits = 0;
  for (const char c : word) {
    if (c == ':') {
      if (digits == 0 || (field > 0 && digits != 2) || ++field == 3) return std::nullopt;
      digits = 0;
    } else {
      if (c < '0' || c > '9' || ++digits > 2) return std::nullopt;
      values[field] = values[field] * 10 + (c - '0');
      if (values[field] >= kLimits[field]) return std::nullopt;
    }
  }
  if (field == 0 || digits != 2) return std::nullopt;
  return std::chrono::hours{values[0]} + std::chrono::minutes{values[1]} + std::chrono::seconds{values[2]};
}

}  // namespace

bool skip_separator(Words& words) {
  const std::size_t before = words.size();
  if (!words.empty() && words.front() == ",") words = words.subspan(1);
  if (!words.empty() && is(words.front(), "and")) words = words.subspan(1);
  return words.size() < before;
}

Result<ListedTimes> read_times(Words words) {
  const auto refusal = [](std::string_view word) {
    return invalid("/schedule", "cannot read " + in_quotes(word) +
                                    " as a time of day; write \"at 9:00 and 17:30\", with times from 0:00 to 23:59:59");
  };
  ListedTimes times;
  do {
    const auto time = words.empty() ? std::nullopt : time_of_day(words.front());
    if (!time) return refusal(words.empty() ? "" : words.front());
    times.push_back(*time);
    words = words.subspan(1);
  } while (skip_separator(words));
  if (!words.empty()) return refusal(words.front());
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  if (times.size() > kMostTimes) return invalid("/schedule", "has more than 100 times of day; use \"every 5 minutes\"");
  return times;
}

}  // namespace taskcore::schedule
