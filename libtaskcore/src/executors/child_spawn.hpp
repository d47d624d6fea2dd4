// Starting a supervisor with its descriptors in place. Watching it: child_process.cpp.
#pragma once

#include "executors/child_process.hpp"
#include "executors/unique_fd.hpp"

namespace taskcore {

/// The host's ends, all closed on exec. `output` and `error` are the reading ends of pipes.
struct SpawnedChild {
  pid_t pid = 0;
  UniqueFd process{};  // pidfd
  UniqueFd control{};
  UniqueFd output{};
  UniqueFd error{};
};

/// The time between SIGTERM and SIGKILL: what the spec says, from nothing to a day.
Duration bounded_grace(const ChildSpec& spec);

/// Starts the supervisor of `spec`. The calling thread waits until it has been executed, whatever the host's size.
Result<SpawnedChild> spawn_child(const ChildSpec& spec);

/// Ends a tree that cannot be watched, and waits for it: it has only just been started, so this takes milliseconds.
void abandon_child(SpawnedChild& child);

}  // namespace taskcore
