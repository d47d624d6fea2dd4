// The locks of one file among the connections of one process, as SQLite's unix VFS keeps them, and its shared memory.
#pragma once

#include <sqlite3.h>

#include <array>
#include <memory>
#include <vector>

namespace taskcore::power {

/// The levels SHARED to EXCLUSIVE. `level` is the caller's own, `who` tells callers apart.
class FileLocks {
 public:
  int lock(const void* who, int& level, int wanted) {
    if (level >= wanted) return SQLITE_OK;
    if (wanted == SQLITE_LOCK_SHARED) {
      if (pending_ != nullptr || exclusive_ != nullptr) return SQLITE_BUSY;
      ++shared_;
    } else {
      const bool free = (reserved_ == nullptr || reserved_ == who) && (pending_ == nullptr || pending_ == who);
      if (!free) return SQLITE_BUSY;
      (wanted == SQLITE_LOCK_RESERVED ? reserved_ : pending_) = who;
      if (wanted == SQLITE_LOCK_EXCLUSIVE) {
        level = SQLITE_LOCK_PENDING;
        if (shared_ > 1) return SQLITE_BUSY;
        exclusive_ = who;
      }
    }
    level = wanted;
    return SQLITE_OK;
  }

  void unlock(const void* who, int& level, int wanted) {
    if (level <= wanted) return;
    for (const void** owner : {&reserved_, &pending_, &exclusive_}) {
      if (*owner == who) *owner = nullptr;
    }
    if (wanted == SQLITE_LOCK_NONE) --shared_;
    level = wanted;
  }

  bool reserved() const noexcept { return reserved_ != nullptr || pending_ != nullptr; }

 private:
  int shared_ = 0;
  const void* reserved_ = nullptr;
  const void* pending_ = nullptr;
  const void* exclusive_ = nullptr;
};

/// The index of the write-ahead log: regions that never move, and eight locks. It goes with its last user, and in a
/// cut.
class SharedMemory {
 public:
  using Held = std::array<char, SQLITE_SHM_NLOCK>;  ///< Of one user: 's' shared, 'x' exclusive, else 0.

  void volatile* map(int region, int size, bool extend) {
    const auto wanted = static_cast<std::size_t>(region) + 1;
    while (extend && regions_.size() < wanted) {
      regions_.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
    }
    return regions_.size() < wanted ? nullptr : regions_[wanted - 1].get();
  }

  int lock(Held& held, int first, int count, int flags) {
    const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    const bool locks = (flags & SQLITE_SHM_LOCK) != 0;
    for (int i = first; locks && i < first + count; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const int others = users_[at] - (held[at] == 's' ? 1 : 0);
      if (held[at] != 'x' && (exclusive ? others != 0 : users_[at] < 0)) return SQLITE_BUSY;
    }
    for (int i = first; i < first + count; ++i) change(held, static_cast<std::size_t>(i), locks, exclusive);
    return SQLITE_OK;
  }

  void release(Held& held) {
    for (std::size_t i = 0; i < held.size(); ++i) change(held, i, false, false);
  }

 private:
  void change(Held& held, std::size_t i, bool locks, bool exclusive) {
    if (held[i] == 'x') users_[i] = 0;
    if (held[i] == 's') --users_[i];
    held[i] = 0;
    if (!locks) return;
    held[i] = exclusive ? 'x' : 's';
    users_[i] = exclusive ? -1 : users_[i] + 1;
  }

  std::vector<std::unique_ptr<char[]>> regions_{};
  std::array<int, SQLITE_SHM_NLOCK> users_{};  ///< How many share it; -1 when one has it alone.
};

}  // namespace taskcore::power
