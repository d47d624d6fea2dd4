// Counts and percentiles; where the runs come from is the store's matter.
#include "run_tally.hpp"

#include <algorithm>

#include "model/status.hpp"

namespace taskcore::stores {
namespace {

/// The nearest-rank percentile. Reorders `values`.
std::optional<std::int64_t> percentile(std::vector<std::int64_t>& values, std::size_t percent) {
  if (values.empty()) return std::nullopt;
  const std::size_t rank = (values.size() * percent + 99) / 100;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace

bool RunTally::add(const TallyRun& run, bool counted) {
  // Ids grow with time, so the first older one ends the day.
  if (run.created_at < since_) return false;
  if (counted) {
    ++runs_.last_24h[static_cast<std::size_t>(status_of(run.state))];
    if (is_settled(run.state) && run.started_at && run.finished_at) {
      durations_ms_.push_back((*run.finished_at - *run.started_at).count());
    }
  }
  return ++looked_ < kMaxLooked;
}

Stats::Runs RunTally::result() {
  runs_.p50_ms = percentile(durations_ms_, 50);
  runs_.p95_ms = percentile(durations_ms_, 95);
  return runs_;
}

}  // namespace taskcore::stores
