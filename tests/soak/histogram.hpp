// Latencies by the million in little memory: each is counted in a bucket that is at most 3 % wide.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace taskcore::soak {

class Histogram {
 public:
  void add(std::uint64_t value) {
    ++buckets_[bucket_of(value)];
    ++count_;
    max_ = value > max_ ? value : max_;
  }

  std::uint64_t count() const noexcept { return count_; }
  std::uint64_t max() const noexcept { return max_; }

  /// At least the share `p` (0 to 1) of the values lies at or below it. 0 when there are none.
  std::uint64_t percentile(double p) const {
    const auto wanted = static_cast<std::uint64_t>(p * static_cast<double>(count_) + 0.9999999);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < kBuckets; ++i) {
      seen += buckets_[i];
      if (seen >= wanted && seen > 0) return top_of(i) < max_ ? top_of(i) : max_;
    }
    return max_;
  }

 private:
  static constexpr int kBits = 5;  // Below 2^5 exact, then 2^5 buckets for each doubling.
  static constexpr std::size_t kBuckets = 60 << kBits;

  static std::size_t bucket_of(std::uint64_t value) {
    const int shift = static_cast<int>(std::bit_width(value | 1)) - kBits - 1;
    if (shift <= 0) return value;
    return (static_cast<std::size_t>(shift) << kBits) + (value >> shift);
  }
  static std::uint64_t top_of(std::size_t bucket) {
    const std::size_t shift = bucket < (std::size_t{2} << kBits) ? 0 : (bucket >> kBits) - 1;
    return (((bucket - (shift << kBits)) + 1) << shift) - 1;
  }

  std::array<std::uint64_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace taskcore::soak
