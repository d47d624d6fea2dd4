// Time zones: wall-clock readings to instants and back. Only time_zone.{hpp,cpp} know which library does the work.
#pragma once

#include <cctz/time_zone.h>

#include <chrono>
#include <optional>
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

  /// When the wall shows a reading.
  struct Shown {
    enum Times { once, never, twice } times;
    TimePoint first;       ///< The first instant that shows it or, where the clock skips it, the end of the gap.
    TimePoint second;      ///< The second one that shows it, else as `first`.
    LocalTime past_twice;  ///< The first reading after those that come twice; as the reading itself unless `twice`.
  };
  Shown shown(LocalTime reading) const;

  /// The same instant as shown(reading).first. Never falls as `reading` grows.
  TimePoint first_instant(LocalTime reading) const { return shown(reading).first; }

  /// The first instant after `at` with which the clock may be changed: between two of these it is not.
  std::optional<TimePoint> next_change(TimePoint at) const;

  /// As find() took it.
  std::string name() const;

 private:
  explicit TimeZone(cctz::time_zone zone);
  cctz::time_zone zone_;
  bool changes_for_ever_ = false;
};

}  // namespace taskcore::schedule
