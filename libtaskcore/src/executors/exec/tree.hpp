// Finding and signalling every process below this one, whatever session or process group it has made for itself.
#pragma once

#include <sys/types.h>

namespace taskcore::exec {

struct Process {
  pid_t pid;
  pid_t parent;
};

/// A look at the tree, parents before their children. Processes made during the look can be missing.
struct Tree {
  const Process* processes;  // of static duration, overwritten by the next look
  int count;
};

/// Every descendant of this process (zombies too), at most 64 Ki of them: the rest is for the next look. Its children
/// that were orphaned are found because it is their subreaper.
Tree find_descendants();

/// The same by reading the status of every process of the machine, for kernels without /proc/PID/task/TID/children.
Tree find_descendants_by_parent();

/// Sends `signal` to each process that is there still. A process id that has passed to a stranger is left alone.
void signal_tree(const Tree& tree, int signal);

}  // namespace taskcore::exec
