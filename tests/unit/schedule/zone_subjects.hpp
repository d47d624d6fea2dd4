// The schedules that zones_test.cpp tries around a change of the clock.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "wall_oracle.hpp"

namespace taskcore::testing {

/// A schedule, and the times of day that it means on every day.
struct Subject {
  std::string text;
  std::vector<Seconds> times;
  bool open_hour;
};

inline Subject fields(const std::string& text, const std::vector<int>& hours, const std::vector<int>& minutes,
                      const std::vector<int>& seconds, bool open_hour) {
  Subject out{text, {}, open_hour};
  for (const int hour : hours) {
    for (const int minute : minutes) {
      for (const int second : seconds) out.times.push_back((hour * 60 + minute) * 60 + second);
    }
  }
  return out;
}

inline std::vector<int> numbers(int first, int end, int step = 1) {
  std::vector<int> out;
  for (int value = first; value < end; value += step) out.push_back(value);
  return out;
}

inline std::string clock_text(Seconds time) {
  const auto two = [](Seconds number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return two(time / 3600) + ":" + two(time / 60 % 60) + ":" + two(time % 60);
}

/// Schedules whose times lie around the readings `before` and `after` that the wall showed when it was changed.
inline std::vector<Subject> subjects_at(Seconds before, Seconds after, std::mt19937_64& random) {
  const auto of_day = [](Seconds reading) { return ((reading % 86'400) + 86'400) % 86'400; };
  const Seconds low = std::min(before, after);
  const Seconds size = std::max(before, after) - low;
  const Seconds inside = low + static_cast<Seconds>(random() % static_cast<std::uint64_t>(size));
  std::vector<Subject> out;
  Subject daily{"daily at ", {}, false};
  for (const Seconds reading : {low - 1, low, inside, low + size - 1, low + size}) {
    const Seconds time = of_day(reading);
    daily.text += (daily.times.empty() ? "" : ", ") + clock_text(time);
    daily.times.push_back(time);
  }
  out.push_back(daily);
  const int hour = static_cast<int>(of_day(inside) / 3600);
  const int minute = static_cast<int>(of_day(inside) / 60 % 60);
  const std::string hours = std::to_string(hour) + "," + std::to_string((hour + 1) % 24);
  out.push_back(fields("*/7 " + hours + " * * *", {hour, (hour + 1) % 24}, numbers(0, 60, 7), {0}, false));
  out.push_back(fields("* " + std::to_string(hour) + " ? * *", {hour}, numbers(0, 60), {0}, false));
  out.push_back(fields(std::to_string(minute) + " * * * *", numbers(0, 24), {minute}, {0}, true));
  out.push_back(fields("*/13 */2 * * *", numbers(0, 24, 2), numbers(0, 60, 13), {0}, true));
  out.push_back(fields("59,0 59,0 1-23/2 * * *", numbers(1, 24, 2), {0, 59}, {0, 59}, true));
  return out;
}

}  // namespace taskcore::testing
