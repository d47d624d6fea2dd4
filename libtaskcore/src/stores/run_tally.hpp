// The statistics of recent runs, gathered from the newest run backwards.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "taskcore/stats.hpp"
#include "taskcore/store.hpp"

namespace taskcore::stores {

/// What of a run counts.
struct TallyRun {
  RunState state = RunState::ready;
  TimePoint created_at{};
  std::optional<TimePoint> started_at{};
  std::optional<TimePoint> finished_at{};
};

class RunTally {
 public:
  /// At most so many runs are looked at, so that the work stays bounded however many a day has.
  static constexpr std::size_t kMaxLooked = 100'000;

  explicit RunTally(TimePoint now) : since_(now - std::chrono::hours(24)) {}

  /// Whether to go on after `run`, the next older one. `counted` is false for a run that the caller may not see.
  bool add(const TallyRun& run, bool counted);

  Stats::Runs result();

 private:
  TimePoint since_;
  std::size_t looked_ = 0;
  Stats::Runs runs_{};
  std::vector<std::int64_t> durations_ms_{};
};

}  // namespace taskcore::stores
