// Rows in memory by growing key: found in constant time, walked in order, never moved.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

namespace taskcore::memory_store {

/// Keys are given from 1 on and never again, so they index blocks of rows directly. A block without rows is freed, and
/// with it the room at the front that pruning leaves.
template <class Row>
class Table {
 public:
  Row* find(std::int64_t key) {
    Block* block = block_of(key);
    if (block == nullptr) return nullptr;
    std::optional<Row>& slot = block->rows[offset(key)];
    return slot ? &*slot : nullptr;
  }

  /// Precondition: `key` is at least 1 and not there.
  template <class From>
  Row& insert(std::int64_t key, From&& row) {
    const std::int64_t number = key / kRows;
    if (blocks_.empty()) first_ = number;
    for (; number < first_; --first_) blocks_.emplace_front();
    while (number >= end()) blocks_.emplace_back();
    auto& block = blocks_[static_cast<std::size_t>(number - first_)];
    if (!block) block = std::make_unique<Block>();
    Row& put = block->rows[offset(key)].emplace(std::forward<From>(row));
    ++block->used;
    return put;
  }

  /// Precondition: `key` is there.
  void erase(std::int64_t key) {
    auto& block = blocks_[static_cast<std::size_t>(key / kRows - first_)];
    block->rows[offset(key)].reset();
    if (--block->used > 0) return;
    block.reset();
    while (!blocks_.empty() && !blocks_.front()) {
      blocks_.pop_front();
      ++first_;
    }
    while (!blocks_.empty() && !blocks_.back()) blocks_.pop_back();
  }

  /// Calls `f(row)` for the keys above `after`, growing, until it gives false.
  template <class F>
  void ascend(std::int64_t after, F f) {
    for (std::int64_t number = std::max(after / kRows, first_); number < end(); ++number) {
      Block* block = blocks_[static_cast<std::size_t>(number - first_)].get();
      if (block == nullptr) continue;
      for (std::int64_t i = 0; i < kRows; ++i) {
        auto& slot = block->rows[static_cast<std::size_t>(i)];
        if (slot && number * kRows + i > after && !f(*slot)) return;
      }
    }
  }

  /// Calls `f(row)` for the keys below `before`, falling, until it gives false.
  template <class F>
  void descend(std::int64_t before, F f) {
    for (std::int64_t number = std::min(before / kRows, end() - 1); number >= first_; --number) {
      Block* block = blocks_[static_cast<std::size_t>(number - first_)].get();
      if (block == nullptr) continue;
      for (std::int64_t i = kRows - 1; i >= 0; --i) {
        auto& slot = block->rows[static_cast<std::size_t>(i)];
        if (slot && number * kRows + i < before && !f(*slot)) return;
      }
    }
  }

 private:
  static constexpr std::int64_t kRows = 32;
  struct Block {
    std::array<std::optional<Row>, kRows> rows{};
    int used = 0;
  };

  static std::size_t offset(std::int64_t key) { return static_cast<std::size_t>(key % kRows); }
  std::int64_t end() const { return first_ + static_cast<std::int64_t>(blocks_.size()); }
  Block* block_of(std::int64_t key) {
    const std::int64_t number = key / kRows;
    if (key < 1 || number < first_ || number >= end()) return nullptr;
    return blocks_[static_cast<std::size_t>(number - first_)].get();
  }

  std::deque<std::unique_ptr<Block>> blocks_{};
  std::int64_t first_ = 0;
};

}  // namespace taskcore::memory_store
