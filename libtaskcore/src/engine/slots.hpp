// How many runs may run at once, and whose turn it is: limits over all and by queue, and the shares of the priorities.
// A value: copied before a batch and put back when the batch fails. Owned by the store's thread.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "taskcore/task.hpp"

namespace taskcore {

class Slots {
 public:
  Slots(int max_concurrent, const std::map<std::string, int>& queue_limits);

  /// How many more runs of `queue` may start now.
  int free(std::string_view queue) const noexcept;
  void take(std::string_view queue);
  void give(std::string_view queue);
  int used() const noexcept { return used_; }

  /// Of the next `claims` claims of `queue`, how many are each priority's (indexed by Priority): of 20 claims 14 are
  /// high's, 5 normal's and 1 low's. Moves the queue's turn on: each has its own, or queues that take turns would share
  /// out the priorities among themselves.
  std::array<int, 3> shares(std::string_view queue, int claims);

  /// While set, nothing more starts: a run that took its process down twice runs alone.
  void set_alone(bool alone) noexcept { alone_ = alone; }
  bool alone() const noexcept { return alone_; }
  /// Whether such a run may be waiting for an empty node.
  void set_suspect_waits(bool waits) noexcept { suspect_waits_ = waits; }
  bool suspect_waits() const noexcept { return suspect_waits_; }

 private:
  struct Queue {
    int limit = 0;
    int used = 0;
  };
  int max_;
  int used_ = 0;
  bool alone_ = false;
  bool suspect_waits_ = false;
  std::map<std::string, Queue, std::less<>> queues_{};  // only queues with a limit of their own
  std::map<std::string, std::size_t, std::less<>> turns_{};
};

}  // namespace taskcore
