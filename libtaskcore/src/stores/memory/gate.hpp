// Who may look at the tables: many readers, or the one that writes.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace taskcore::memory_store {

/// A lock for reading and writing that, unlike std::shared_mutex, may be taken on one thread and given back on another:
/// a store belongs to one thread at a time, not to one for ever. Waiting writers go before new readers.
class Gate {
 public:
  void lock() {
    std::unique_lock hold(mutex_);
    ++writers_waiting_;
    changed_.wait(hold, [this] { return !writing_ && readers_ == 0; });
    --writers_waiting_;
    writing_ = true;
  }
  void unlock() {
    {
      const std::lock_guard hold(mutex_);
      writing_ = false;
    }
    changed_.notify_all();
  }
  void lock_shared() {
    std::unique_lock hold(mutex_);
    changed_.wait(hold, [this] { return !writing_ && writers_waiting_ == 0; });
    ++readers_;
  }
  void unlock_shared() {
    {
      const std::lock_guard hold(mutex_);
      --readers_;
    }
    changed_.notify_all();
  }

 private:
  std::mutex mutex_{};
  std::condition_variable changed_{};
  std::size_t readers_ = 0;
  std::size_t writers_waiting_ = 0;
  bool writing_ = false;
};

}  // namespace taskcore::memory_store
