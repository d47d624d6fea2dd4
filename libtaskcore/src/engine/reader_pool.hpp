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
  explicit ReaderPool(StoreLane& lane) : lane_(lane) { idle_.reserve(kMaxReaders); }

  /// `read(StoreReader&)` gives a T or a Result<T>; a store that fails becomes its error.
  template <class T, class Read>
  Result<T> with(Read read) {
    Loan loan(*this);
    if (auto ready = borrow(loan); !ready) return ready.error();
    try {
      return read(*loan.reader);
    } catch (const StoreFailure& failure) {
      return failure.error;
    }
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

  /// A place among the readers; given back whatever happens in between.
  struct Loan {
    explicit Loan(ReaderPool& from) : pool(from) {}
    ~Loan() {
      if (counted) pool.give_back(std::move(reader));
    }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    ReaderPool& pool;
    std::unique_ptr<StoreReader> reader{};
    bool counted = false;
  };

  Result<void> borrow(Loan& loan) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || !idle_.empty() || open_ < kMaxReaders; });
    if (closed_) return fail(Errc::stopped, "the scheduler has been stopped");
    loan.counted = true;
    if (!idle_.empty()) {
      loan.reader = std::move(idle_.back());
      idle_.pop_back();
      return {};
    }
    ++open_;
    lock.unlock();
    auto reader = lane_.open_reader();
    if (!reader) return reader.error();
    loan.reader = std::move(*reader);
    return {};
  }

  void give_back(std::unique_ptr<StoreReader> reader) noexcept {
    const std::lock_guard lock(mutex_);
    reader ? idle_.push_back(std::move(reader)) : void(--open_);  // null: it could not be opened
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
