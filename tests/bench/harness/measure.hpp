// Time, medians and percentiles; and rounds that take turns, so that ours and the limit see the same machine.
#pragma once

#include <chrono>
#include <functional>
#include <vector>

namespace bench {

using SteadyTime = std::chrono::steady_clock::time_point;

inline SteadyTime now() { return std::chrono::steady_clock::now(); }
double seconds_since(SteadyTime start);

/// A measured quantity: the median of its rounds, and how far the rounds lie apart as a share of it.
struct Figure {
  double value = 0;
  double noise = 0;
  int rounds = 0;
};

Figure figure(std::vector<double> rounds);
inline Figure single(double value) { return Figure{value, 0, 1}; }

/// The share `p` (0 to 1) of the samples lies at or below it. Precondition: not empty.
double percentile(std::vector<double> samples, double p);

struct Pair {
  Figure ours{};
  Figure raw{};
  double ratio() const { return raw.value > 0 ? ours.value / raw.value : 0; }
};

/// Calls the two in turn, `rounds` times; each gives one value a call.
Pair take_turns(int rounds, const std::function<double()>& ours, const std::function<double()>& raw);

}  // namespace bench
