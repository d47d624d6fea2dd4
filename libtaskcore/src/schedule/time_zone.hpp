// Time zones: wall-clock readings to instants and back. Only time_zone.{hpp,cpp} know which library does the work.
#pragma once

#include <cctz/time_zone.h>

#include <chrono>
#include <string>

#include "taskcore/result.hpp"
#include "taskcore/time.hpp"

namespace taskcore::schedule {

/// What the clock on the wall shows, wherever that wall is.
using LocalTime = std::chrono::local_seconds;

/// One zone of the IANA database. A value: cheap to copy, usable from any thread. The rules are read once a process.
class TimeZone {
 public:
  TimeZone();  ///< UTC; needs no database.

  /// The zone of that name. Errors: `invalid` with pointer "/timezone".
  static Result<TimeZone> find(const std::string& name);

  /// The wall-clock reading at an instant, cut to the second.
  LocalTime local(TimePoint at) const;

  /// The first instant at which the wall shows `reading` or, where the clock skips it, the moment when the gap ends.
  /// Never falls as `reading` grows.
  TimePoint first_instant(LocalTime reading) const;

 private:
  explicit TimeZone(cctz::time_zone zone) : zone_(zone) {}
  cctz::time_zone zone_;
};

}  // namespace taskcore::schedule
