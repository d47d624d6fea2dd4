// How stored states read as the status that users see.
#pragma once

#include <array>

#include "taskcore/store.hpp"

namespace taskcore {

constexpr Status status_of(RunState state) noexcept {
  constexpr std::array kStatus{Status::pending,   Status::pending, Status::pending,  Status::running,
                               Status::completed, Status::failed,  Status::cancelled};
  return kStatus[static_cast<std::size_t>(state)];
}

/// By the task's runs; a task that never ran is pending, which is what `last_status` is born as.
constexpr Status status_of(const TaskState& state) noexcept {
  if (state.running > 0) return Status::running;
  return state.live > 0 ? Status::pending : state.last_status;
}

}  // namespace taskcore
