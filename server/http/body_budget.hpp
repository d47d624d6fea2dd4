// What the bodies of requests may hold, all connections together: a client that is slow to send much takes of what
// others would need. Small bodies are free, so that these always come through.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace taskd {

/// Usable from any thread.
class BodyBudget {
 public:
  /// In bytes.
  explicit BodyBudget(std::size_t most) : most_(most) {}

  /// False, and nothing is taken, where not so much is left.
  bool take(std::size_t size) noexcept;
  void give_back(std::size_t size) noexcept { taken_.fetch_sub(size, std::memory_order_relaxed); }

  std::size_t taken() const noexcept { return taken_.load(std::memory_order_relaxed); }

 private:
  const std::size_t most_;
  std::atomic<std::size_t> taken_{0};
};

/// What one body holds of the budget; given back with it.
class BodyShare {
 public:
  /// A body up to this needs no share.
  static constexpr std::size_t kFree = 16 * 1024;
  /// Of a larger one the buffer that it is read into, which is as large, is counted, too.
  static constexpr std::size_t kReadBuffer = 64 * 1024;

  BodyShare() = default;
  ~BodyShare();
  BodyShare(BodyShare&& other) noexcept : budget_(std::move(other.budget_)), size_(std::exchange(other.size_, 0)) {}
  BodyShare& operator=(BodyShare&& other) noexcept {
    std::swap(budget_, other.budget_);
    std::swap(size_, other.size_);
    return *this;
  }

  /// Makes it enough for a body that takes `room` bytes of memory. False, and it stays as it was, where the budget has
  /// not so much left.
  bool grow(const std::shared_ptr<BodyBudget>& budget, std::size_t room);

  std::size_t size() const noexcept { return size_; }

 private:
  std::shared_ptr<BodyBudget> budget_{};
  std::size_t size_ = 0;
};

}  // namespace taskd
