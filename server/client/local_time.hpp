// Times of the API for people: in the zone of this machine, and lengths in words.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace taskd {

enum class TimeForm {
  minutes,  ///< 2027-01-31 09:00
  seconds,  ///< 2027-01-31 09:00:05
  millis,   ///< 2027-01-31 09:00:05.123
};

/// An RFC 3339 time as the clock on the wall shows it, by TZ. What is no time is given back.
std::string local_time(std::string_view text, TimeForm form);

/// "850 ms", "1.2 s", "3 min 4 s", "2 h 5 min", "3 d 4 h".
std::string short_duration(std::chrono::milliseconds time);

}  // namespace taskd
