// Instants and lengths of time, and their text form. Which instant is "now" is the Clock's word (clock.hpp).
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "taskcore/result.hpp"

namespace taskcore {

/// A length of time in milliseconds.
using Duration = std::chrono::milliseconds;

/// An instant of the wall clock (UTC, without leap seconds) in milliseconds since 1970.
using TimePoint = std::chrono::sys_time<Duration>;

/// RFC 3339 in UTC with milliseconds: "2027-01-31T09:00:00.000Z". Always 24 characters, so texts sort as instants do;
/// what is outside the years 0 to 9999 is written as the nearest instant inside.
std::string format_time(TimePoint at);

/// Reads RFC 3339, with a zone ("Z" or an offset) required and up to nine digits of fraction (cut to milliseconds).
/// Errors: `invalid` (with an empty pointer), when the text is not such a time, names a day or a time of day that does
/// not exist (a leap second is one), or is outside the years 1970 to 9999.
Result<TimePoint> parse_time(std::string_view text);

}  // namespace taskcore
