// How many runs run at once, and whose turn it is: what is in use, over all, by queue and by concurrency key, the
// shares of the priorities, and the place of each queue in the ring of its keys. The limits are for admission.hpp to
// know. Owned by the store's thread.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "taskcore/store.hpp"

namespace taskcore {

/// A run that took its process down this often is claimed alone, so that it does not take its neighbours along.
constexpr bool is_suspect(const RunRow& row) noexcept { return row.losses >= 2; }

class Slots {
 public:
  explicit Slots(int max_concurrent) : max_(max_concurrent) {}

  /// How many more runs of `queue` may start now, of which at most `limit` may run.
  int free(std::string_view queue, std::optional<int> limit) const noexcept;
  void take(const RunRow& run);
  void give(const RunRow& run);
  /// As if nothing ran; whose turn it is stays.
  void clear() noexcept;
  int used() const noexcept { return used_; }
  int running_with_key(const std::string& key) const;

  /// Of the next `claims` claims of `queue`, how many are each priority's (indexed by Priority): of 20 claims 14 are
  /// high's, 5 normal's and 1 low's. Moves the queue's turn on: each has its own, or queues that take turns would share
  /// out the priorities among themselves.
  std::array<int, 3> shares(std::string_view queue, int claims);
  /// Of the next `claims` claims of `queue` and `priority`, how many are of runs without a key, which take turns with
  /// those that have one. Moves that turn on.
  int share_without_key(std::string_view queue, Priority priority, int claims);
  /// The key that was served last.
  std::string& place_in_ring(std::string_view queue, Priority priority);

  /// While it is so nothing more starts: a suspect runs alone.
  bool alone() const noexcept { return alone_; }
  /// A suspect that waits for an empty node; 0: none.
  void set_suspect(RunKey run) noexcept { suspect_ = run; }
  RunKey suspect() const noexcept { return suspect_; }

 private:
  /// Whose turn it is in one queue.
  struct Turns {
    std::size_t priority = 0;
    std::array<bool, 3> without_key{};
    std::array<std::string, 3> ring{};
  };
  Turns& turns(std::string_view queue);

  int max_;
  int used_ = 0;
  bool alone_ = false;
  RunKey suspect_ = 0;
  std::map<std::string, int, std::less<>> queues_{};  // how many run of each
  std::unordered_map<std::string, int> keys_{};
  std::map<std::string, Turns, std::less<>> turns_{};
};

}  // namespace taskcore
