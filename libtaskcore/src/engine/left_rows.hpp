// Rows of runs whose attempts have ended, on their way out. The lane made them and frees them: two threads that free
// and allocate from one arena of malloc wait for each other.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "taskcore/store.hpp"

namespace taskcore {

class LeftRows {
 public:
  LeftRows() { rows_.reserve(kMost); }

  /// Takes no memory. A row for which there is no room is freed by whoever holds it last.
  void keep(std::shared_ptr<const RunRow> row) noexcept {
    if (rows_.size() < kMost) rows_.push_back(std::move(row));
  }

  /// Frees what nobody else holds any more.
  void sweep() noexcept {
    std::erase_if(rows_, [](const auto& row) { return row.use_count() == 1; });
  }

 private:
  static constexpr std::size_t kMost = 4096;

  std::vector<std::shared_ptr<const RunRow>> rows_{};
};

}  // namespace taskcore
