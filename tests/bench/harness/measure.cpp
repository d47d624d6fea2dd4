#include "harness/measure.hpp"

#include <algorithm>
#include <cmath>

namespace bench {

double seconds_since(SteadyTime start) { return std::chrono::duration<double>(now() - start).count(); }

Figure figure(std::vector<double> rounds) {
  if (rounds.empty()) return {};
  std::sort(rounds.begin(), rounds.end());
  const std::size_t n = rounds.size();
  const double median = n % 2 == 1 ? rounds[n / 2] : (rounds[n / 2 - 1] + rounds[n / 2]) / 2;
  const double spread = median > 0 ? (rounds.back() - rounds.front()) / median : 0;
  return Figure{median, spread, static_cast<int>(n)};
}

double percentile(std::vector<double> samples, double p) {
  const auto rank = static_cast<std::size_t>(std::ceil(p * static_cast<double>(samples.size())));
  const std::size_t index = std::clamp<std::size_t>(rank, 1, samples.size()) - 1;
  std::nth_element(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(index), samples.end());
  return samples[index];
}

Pair take_turns(int rounds, const std::function<double()>& ours, const std::function<double()>& raw) {
  std::vector<double> a;
  std::vector<double> b;
  for (int i = 0; i < rounds; ++i) {
    // Who goes first changes, so that neither has the warmer machine.
    if (i % 2 == 0) {
      b.push_back(raw());
      a.push_back(ours());
    } else {
      a.push_back(ours());
      b.push_back(raw());
    }
  }
  return {figure(std::move(a)), figure(std::move(b))};
}

}  // namespace bench
