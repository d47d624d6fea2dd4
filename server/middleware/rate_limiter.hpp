// Token buckets by key, in bounded memory. Pure but for its lock: time is an argument.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace taskd {

class RateLimiter {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Decision {
    bool allowed = true;
    std::size_t remaining = 0;            ///< Requests left at once.
    std::chrono::seconds full_in{0};      ///< Until the bucket is full again.
    std::chrono::seconds retry_after{0};  ///< Where not allowed: until one is.
  };

  /// `per_minute` requests a minute and key, which may also come all at once. At most `max_keys` buckets are kept; the
  /// one used longest ago goes first, which at worst forgives its key.
  explicit RateLimiter(std::size_t per_minute, std::size_t max_keys = 65'536);

  Decision take(std::string_view key, Time now);

  /// What `take` would say, without taking anything.
  Decision look(std::string_view key, Time now) const;

  std::size_t per_minute() const noexcept { return per_minute_; }
  std::size_t keys() const;

 private:
  struct Bucket {
    std::string key;
    double tokens;
    Time at;
  };
  using Buckets = std::list<Bucket>;

  Bucket& touch(std::string_view key, Time now);
  double tokens_at(const Bucket& bucket, Time now) const;
  Decision decide(double tokens) const;

  const std::size_t per_minute_;
  const std::size_t max_keys_;
  mutable std::mutex mutex_;
  Buckets buckets_;                                                ///< Most recently used first.
  std::unordered_map<std::string_view, Buckets::iterator> index_;  ///< Keys are views into `buckets_`.
};

}  // namespace taskd
