// Processes as /proc shows them: those that carry a mark in their environment, and what this process holds.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <sys/types.h>

namespace taskcore::crash {

/// The living processes whose environment holds "TASKCORE_MARK=<mark>".
std::vector<pid_t> marked_processes(const std::string& mark);

/// Waits on their pidfds. False when one is left after `patience`.
bool all_gone(const std::vector<pid_t>& pids, std::chrono::milliseconds patience);

/// Dead children that nobody has waited for.
int zombie_children();
int open_descriptors();
/// Resident memory of this process.
long resident_kib();

}  // namespace taskcore::crash
