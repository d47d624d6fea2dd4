// What only the store knows, counted when somebody asks, and kept for a while: neither a storm of scrapes nor a store
// that takes long to count gets more than a twentieth of a thread.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <vector>

#include "taskcore/queue.hpp"
#include "taskcore/scheduler.hpp"
#include "taskcore/stats.hpp"

namespace taskd {

class StoreGauges {
 public:
  struct Values {
    std::vector<taskcore::Queue> queues{};
    taskcore::Stats stats{};
    taskcore::TimePoint at{};  ///< When they were counted.
  };

  /// They are counted anew when they are older than this.
  explicit StoreGauges(std::chrono::milliseconds age) : age_(age) {}

  /// Null when the store cannot be read, or is being counted for the first time by another thread.
  std::shared_ptr<const Values> get(const taskcore::Scheduler& scheduler);

 private:
  std::chrono::milliseconds age_;
  std::mutex mutex_{};
  std::shared_ptr<const Values> last_{};
  std::chrono::steady_clock::time_point good_until_{};
  bool is_counting_ = false;
};

}  // namespace taskd
