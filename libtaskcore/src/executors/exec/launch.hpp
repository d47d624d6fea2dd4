// Starting the script itself: its own session, control group, limits, working directory, program. What comes of it:
// supervise.cpp.
#pragma once

#include <sys/types.h>

namespace taskcore::exec {

/// What the command line asks for. A limit of 0 is none.
struct Options {
  long grace_ms = 2000;
  unsigned long cpu_seconds = 0;
  unsigned long memory_bytes = 0;
  unsigned long open_files = 0;
  unsigned long processes = 0;
  unsigned long file_bytes = 0;
  const char* cgroup = nullptr;
  const char* cwd = nullptr;
  char** command = nullptr;  // in argv, after "--"; null when there is none
};

Options parse_options(char** argv);

struct LaunchResult {
  pid_t pid = 0;               // negative: no process could be made, and this is -errno
  int error = 0;               // errno of what kept the program from starting
  bool cwd_failed = false;     // it was the working directory
  bool cgroup_failed = false;  // it was the control group
};

/// Starts the command and returns once it has executed its program or failed to. The process is there either way and
/// must be waited for. The command is looked up in the PATH of `envp`.
LaunchResult launch(const Options& options, char** envp);

}  // namespace taskcore::exec
