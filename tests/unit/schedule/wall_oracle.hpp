// When the wall shows what, by asking for the offset of instant after instant: no idea of gaps, of hours that come
// twice, nor of the code under test. Slow, and right.
#pragma once

#include <cctz/time_zone.h>

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace taskcore::testing {

/// Seconds of UTC, and of the wall's clock as if it were in UTC.
using Seconds = std::int64_t;

/// Some days of one zone's wall clock.
class WallOracle {
 public:
  WallOracle(const std::string& zone, Seconds begin, Seconds end) {
    cctz::load_time_zone(zone, &zone_);
    for (Seconds at = begin; at < end;) {
      const Seconds offset = offset_at(at);
      Seconds same = at;  // The last instant that is known to have this offset.
      while (same < end && offset_at(same) == offset) same += kStep;
      Seconds other = same;
      for (same -= kStep; other < end && other - same > 1;) {
        const Seconds middle = (same + other) / 2;
        (offset_at(middle) == offset ? same : other) = middle;
      }
      stretches_.push_back({at, std::min(other, end), offset});
      at = stretches_.back().end;
    }
  }

  /// All instants in (after, until] at which the wall shows a reading with `matches(second of the day)`.
  std::set<Seconds> followed(const std::vector<Seconds>& times, Seconds after, Seconds until) const {
    std::set<Seconds> out;
    for (const auto& stretch : stretches_) {
      for_each_reading(times, stretch.begin + stretch.offset, stretch.end + stretch.offset,
                       [&](Seconds reading) { keep(out, reading - stretch.offset, after, until); });
    }
    return out;
  }

  /// For each reading the first instant at which the wall shows it or a later one.
  std::set<Seconds> settled(const std::vector<Seconds>& times, Seconds after, Seconds until) const {
    std::set<Seconds> out;
    const Seconds begin = stretches_.front().begin + stretches_.front().offset;
    const Seconds end = stretches_.back().end + stretches_.back().offset;
    for_each_reading(times, begin, end, [&](Seconds reading) {
      for (const auto& stretch : stretches_) {
        if (stretch.end + stretch.offset <= reading) continue;
        return keep(out, std::max(stretch.begin, reading - stretch.offset), after, until);
      }
    });
    return out;
  }

  Seconds offset_at(Seconds at) const {
    return zone_.lookup(cctz::time_point<cctz::seconds>(cctz::seconds(at))).offset;
  }

 private:
  static constexpr Seconds kStep = 60;
  static constexpr Seconds kDay = 86'400;

  struct Stretch {
    Seconds begin;
    Seconds end;
    Seconds offset;
  };

  static void keep(std::set<Seconds>& out, Seconds at, Seconds after, Seconds until) {
    if (at > after && at <= until) out.insert(at);
  }

  // The readings of these times of day in [begin, end).
  template <class Use>
  static void for_each_reading(const std::vector<Seconds>& times, Seconds begin, Seconds end, Use use) {
    Seconds day = begin / kDay * kDay;
    if (day > begin) day -= kDay;
    for (; day < end; day += kDay) {
      for (const Seconds time : times) {
        if (day + time >= begin && day + time < end) use(day + time);
      }
    }
  }

  cctz::time_zone zone_;
  std::vector<Stretch> stretches_;
};

}  // namespace taskcore::testing
