// The Retry-After header (RFC 9110, 10.2.3).
#pragma once

#include <optional>
#include <string_view>

#include "taskcore/time.hpp"

namespace taskcore::net {

/// How long to wait from `now` on, at most a day: seconds, or a date in any of HTTP's three forms. None where it is
/// neither, or in the past.
std::optional<Duration> read_retry_after(std::string_view value, TimePoint now);

}  // namespace taskcore::net
