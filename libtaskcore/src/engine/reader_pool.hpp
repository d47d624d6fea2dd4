// Readers for callers' threads: a read borrows one, and never waits for a writer.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/ledger.hpp"
#include "engine/store_lane.hpp"

namespace taskcore {

class ReaderPool {
 public:
  explicit ReaderPool(StoreLane& lane) : lane_(lane) {}

  /// `read(StoreReader&)` gives a T or a Result<T>; a store that fails becomes its error.
  template <class T, class Read>
  Result<T> with(Read read) {
    auto reader = borrow();
    if (!reader) return reader.error();
    Result<T> out = [&]() -> Result<T> {
      try {
        return read(**reader);
      } catch (const StoreFailure& failure) {
        return failure.error;
      }
    }();
    give_back(std::move(*reader));
    return out;
  }

  /// Waits until all are back, then closes them; later reads give `stopped`.
  void close() noexcept {
    std::unique_lock lock(mutex_);
    closed_ = true;
    changed_.wait(lock, [this] { return idle_.size() == open_; });
    idle_.clear();
    open_ = 0;
  }

 private:
  static constexpr std::size_t kMaxReaders = 4;

  Result<std::unique_ptr<StoreReader>> borrow() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || !idle_.empty() || open_ < kMaxReaders; });
    if (closed_) return fail(Errc::stopped, "the scheduler has been stopped");
    if (!idle_.empty()) {
      auto reader = std::move(idle_.back());
      idle_.pop_back();
      return reader;
    }
    ++open_;
    lock.unlock();
    auto reader = lane_.open_reader();
    if (!reader) {
      const std::lock_guard relock(mutex_);
      --open_;
      changed_.notify_all();
    }
    return reader;
  }

  void give_back(std::unique_ptr<StoreReader> reader) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(reader));
    changed_.notify_all();
  }

  StoreLane& lane_;
  std::mutex mutex_{};
  std::condition_variable changed_{};
  std::vector<std::unique_ptr<StoreReader>> idle_{};
  std::size_t open_ = 0;
  bool closed_ = false;
};

}  // namespace taskcore
