// What a scheduler has done since it was made, in numbers: for a host to publish. Of a shared store it is this
// scheduler's part; a commit whose outcome nobody knew is not in it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>

#include "taskcore/run.hpp"

namespace taskcore {

/// Upper bounds of a histogram's buckets, in milliseconds.
inline constexpr std::array<std::uint64_t, 13> kRunDurationBounds{
    5, 10, 50, 100, 500, 1000, 5000, 15'000, 60'000, 300'000, 1'800'000, 7'200'000, 86'400'000};
inline constexpr std::array<std::uint64_t, 12> kLatenessBounds{1,   2,    5,    10,     25,     100,
                                                               500, 1000, 5000, 30'000, 60'000, 600'000};
/// In microseconds.
inline constexpr std::array<std::uint64_t, 12> kCommitDurationBounds{
    50, 100, 250, 500, 1000, 2500, 5000, 10'000, 25'000, 100'000, 1'000'000, 10'000'000};
/// In requests.
inline constexpr std::array<std::uint64_t, 8> kBatchSizeBounds{1, 2, 5, 10, 50, 100, 500, 1000};

/// How often which values came: `counts[i]` those of at most `Bounds[i]` and above the bound before, the last those
/// above all bounds.
template <const auto& Bounds>
struct Histogram {
  static constexpr const auto& kBounds = Bounds;
  std::array<std::uint64_t, Bounds.size() + 1> counts{};
  std::uint64_t sum = 0;  ///< Of the values.

  void add(std::uint64_t value) noexcept {
    std::size_t bucket = 0;
    while (bucket < Bounds.size() && value > Bounds[bucket]) ++bucket;
    counts[bucket] += 1;
    sum += value;
  }
  std::uint64_t count() const noexcept { return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}); }
  Histogram& operator+=(const Histogram& more) noexcept {
    std::transform(counts.begin(), counts.end(), more.counts.begin(), counts.begin(), std::plus<>());
    sum += more.sum;
    return *this;
  }
};

/// What became of runs. An item of a run is a run here, too.
struct RunCounts {
  std::uint64_t created = 0;
  std::array<std::uint64_t, 5> settled{};       ///< Indexed by Status; those of pending and running stay 0.
  std::uint64_t attempts_started = 0;           ///< A run with items has none of its own.
  std::array<std::uint64_t, 7> attempts{};      ///< Ended ones, indexed by AttemptStatus; that of running stays 0.
  std::uint64_t retries = 0;                    ///< Attempts that failed or timed out and will be followed by another.
  std::uint64_t skipped_instants = 0;           ///< Of schedules: they got no run.
  std::uint64_t lost_leases = 0;                ///< Nodes of a shared store that were found dead.
  Histogram<kRunDurationBounds> durations{};    ///< Of settled runs that had started: from then to the end.
  Histogram<kLatenessBounds> start_lateness{};  ///< Of attempts: from the moment that they were due to their start.

  RunCounts& operator+=(const RunCounts& more) noexcept;
};

struct Metrics {
  RunCounts runs{};
  Histogram<kBatchSizeBounds> commit_sizes{};           ///< Requests that shared one commit.
  Histogram<kCommitDurationBounds> commit_durations{};  ///< Of the commit alone, as the store took it.
  std::uint64_t store_errors = 0;                       ///< Batches that the store did not take.
  std::uint64_t refused = 0;                            ///< Requests that found no room (`overloaded`).
  std::size_t lane_length = 0;                          ///< Requests that wait for the store at present.
  int active_runs = 0;                                  ///< Attempts of this scheduler that run at present.
};

inline RunCounts& RunCounts::operator+=(const RunCounts& more) noexcept {
  const auto add = [](auto& to, const auto& from) {
    std::transform(to.begin(), to.end(), from.begin(), to.begin(), std::plus<>());
  };
  created += more.created;
  add(settled, more.settled);
  attempts_started += more.attempts_started;
  add(attempts, more.attempts);
  retries += more.retries;
  skipped_instants += more.skipped_instants;
  lost_leases += more.lost_leases;
  durations += more.durations;
  start_lateness += more.start_lateness;
  return *this;
}

}  // namespace taskcore
