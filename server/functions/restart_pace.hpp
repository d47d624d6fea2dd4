// How fast a process that keeps ending is started anew: at once after the first end, then later each time, up to 10 s.
#pragma once

#include <algorithm>
#include <chrono>

namespace taskd {

class RestartPace {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kFirstDelay{200};
  static constexpr std::chrono::milliseconds kLongestDelay{10'000};
  static constexpr std::chrono::seconds kGoodLife{60};  ///< After a life as long as this it is at once again.

  void started(Clock::time_point now) { started_ = now; }

  void ended(Clock::time_point now) {
    quick_ends_ = now - started_ >= kGoodLife ? 1 : quick_ends_ + 1;
    ended_ = now;
  }

  /// When the next start may be.
  Clock::time_point next_start() const {
    if (quick_ends_ < 2) return ended_;
    return ended_ + std::min(kLongestDelay, kFirstDelay * (1 << std::min(quick_ends_ - 2, 10)));
  }

 private:
  Clock::time_point started_{};
  Clock::time_point ended_{};
  int quick_ends_ = 0;
};

}  // namespace taskd
