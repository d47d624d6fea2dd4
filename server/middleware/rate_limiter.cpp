// RateLimiter: see rate_limiter.hpp.
#include "middleware/rate_limiter.hpp"

#include <algorithm>
#include <cmath>

namespace taskd {

namespace {
std::chrono::seconds ceil_seconds(double seconds) {
  return std::chrono::seconds(static_cast<long>(std::ceil(std::max(0.0, seconds))));
}
}  // namespace

RateLimiter::RateLimiter(std::size_t per_minute, std::size_t max_keys)
    : per_minute_(per_minute), max_keys_(std::max<std::size_t>(1, max_keys)) {}

RateLimiter::Bucket& RateLimiter::touch(std::string_view key, Time now) {
  if (const auto found = index_.find(key); found != index_.end()) {
    buckets_.splice(buckets_.begin(), buckets_, found->second);
    return buckets_.front();
  }
  if (buckets_.size() >= max_keys_) {
    index_.erase(buckets_.back().key);
    buckets_.pop_back();
  }
  buckets_.push_front({std::string(key), static_cast<double>(per_minute_), now});
  index_.emplace(buckets_.front().key, buckets_.begin());
  return buckets_.front();
}

double RateLimiter::tokens_at(const Bucket& bucket, Time now) const {
  const auto size = static_cast<double>(per_minute_);
  const double elapsed = std::chrono::duration<double>(now - bucket.at).count();
  return elapsed > 0 ? std::min(size, bucket.tokens + elapsed * size / 60.0) : bucket.tokens;
}

RateLimiter::Decision RateLimiter::decide(double tokens) const {
  const auto size = static_cast<double>(per_minute_);
  const double per_second = size / 60.0;
  Decision decision;
  // A hair of tolerance, so that waiting exactly as long as told is enough.
  decision.allowed = tokens >= 1.0 - 1e-9;
  if (decision.allowed) {
    tokens = std::max(0.0, tokens - 1.0);
  } else {
    decision.retry_after = std::max(std::chrono::seconds(1), ceil_seconds((1.0 - tokens) / per_second));
  }
  decision.remaining = static_cast<std::size_t>(tokens);
  decision.full_in = ceil_seconds((size - tokens) / per_second);
  return decision;
}

RateLimiter::Decision RateLimiter::take(std::string_view key, Time now) {
  const std::lock_guard lock(mutex_);
  Bucket& bucket = touch(key, now);
  bucket.tokens = tokens_at(bucket, now);
  bucket.at = std::max(bucket.at, now);
  const Decision decision = decide(bucket.tokens);
  if (decision.allowed) bucket.tokens = std::max(0.0, bucket.tokens - 1.0);
  return decision;
}

RateLimiter::Decision RateLimiter::look(std::string_view key, Time now) const {
  const std::lock_guard lock(mutex_);
  const auto found = index_.find(key);
  return decide(found == index_.end() ? static_cast<double>(per_minute_) : tokens_at(*found->second, now));
}

std::size_t RateLimiter::keys() const {
  const std::lock_guard lock(mutex_);
  return buckets_.size();
}

}  // namespace taskd
