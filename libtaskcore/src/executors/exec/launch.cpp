// The life of the script's process up to execve. It shares the supervisor's memory (as after vfork), which is how a
// failure is told without a pipe.
#include "launch.hpp"

#include <errno.h>

#include "group.hpp"
#include "sys.hpp"
#include "text.hpp"

namespace taskcore::exec {
namespace {

struct Start {
  const Options* options;
  char** envp;
  pid_t supervisor;
  LaunchResult* result;
};

/// Sets both limits, never above the hard one, so that it cannot fail for want of privilege.
void limit(int resource, unsigned long value, unsigned long hard_extra = 0) {
  if (value == 0) return;
  rlimit old{};
  if (sys::rlimit_of_self(resource, nullptr, &old) != 0) return;
  const unsigned long hard = value > ~0UL - hard_extra ? value : value + hard_extra;
  const rlimit wanted{value < old.rlim_max ? value : old.rlim_max, hard < old.rlim_max ? hard : old.rlim_max};
  sys::rlimit_of_self(resource, &wanted, nullptr);
}

/// Executes `path`; a file that is executable but no program is a shell script without its first line.
int execute(const char* path, char** argv, char** envp) {
  const long error = sys::execve(path, argv, envp);
  if (error != -ENOEXEC) return static_cast<int>(-error);
  static char shell[] = "/bin/sh";
  char** const shell_argv = argv - 1;  // the place of "--"
  shell_argv[0] = shell;
  argv[0] = const_cast<char*>(path);
  return static_cast<int>(-sys::execve(shell, shell_argv, envp));
}

const char* search_path(char** envp) {
  for (; *envp != nullptr; ++envp) {
    if (const char* value = after_prefix(*envp, "PATH=")) return value;
  }
  return "/bin:/usr/bin";
}

bool has_slash(const char* name) {
  for (; *name != '\0'; ++name) {
    if (*name == '/') return true;
  }
  return false;
}

bool look_further(int error) {
  return error == ENOENT || error == ENOTDIR || error == EACCES || error == ENAMETOOLONG || error == ESTALE ||
         error == ENODEV || error == ETIMEDOUT;
}

/// Looks the command up as execvp does and executes it. Returns the errno that says most about the failure.
int execute_command(char** argv, char** envp) {
  const char* const name = argv[0];
  if (*name == '\0') return ENOENT;
  if (has_slash(name)) return execute(name, argv, envp);
  bool denied = false;
  TextBuffer<4096> path;
  for (const char* at = search_path(envp);; ++at) {
    path.clear();
    for (; *at != '\0' && *at != ':'; ++at) path.add(*at);
    if (path.length() > 0) path.add('/');
    path.add(name);
    const int error = path.fits() ? execute(path.c_str(), argv, envp) : ENAMETOOLONG;
    if (!look_further(error)) return error;
    denied = denied || error == EACCES;
    if (*at == '\0') return denied ? EACCES : ENOENT;
  }
}

int child_main(void* argument) {
  const Start& start = *static_cast<Start*>(argument);
  const Options& options = *start.options;
  sys::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (sys::getppid() != start.supervisor) sys::exit(127);  // it died before the line above
  sys::setsid();                                           // a script's `kill 0` must not reach the supervisor
  if (options.cgroup != nullptr) {
    if (const long error = write_to_group(options.cgroup, "cgroup.procs", "0"); error != 0) {  // 0: the one that writes
      start.result->error = static_cast<int>(-error);
      start.result->cgroup_failed = true;
      sys::exit(127);
    }
  }
  if (options.cwd != nullptr) {
    if (const long error = sys::chdir(options.cwd); error != 0) {
      start.result->error = static_cast<int>(-error);
      start.result->cwd_failed = true;
      sys::exit(127);
    }
  }
  limit(RLIMIT_CPU, options.cpu_seconds, 1);  // SIGXCPU first, SIGKILL a second later
  limit(RLIMIT_AS, options.memory_bytes);
  limit(RLIMIT_NOFILE, options.open_files);
  limit(RLIMIT_NPROC, options.processes);
  limit(RLIMIT_FSIZE, options.file_bytes);
  sys::set_signal_mask(0);
  start.result->error = execute_command(options.command, start.envp);
  sys::exit(127);
}

}  // namespace

Options parse_options(char** argv) {
  Options options;
  if (*argv != nullptr) ++argv;
  for (; *argv != nullptr; ++argv) {
    if (const char* grace = after_prefix(*argv, "grace=")) options.grace_ms = static_cast<long>(to_number(grace));
    if (const char* cpu = after_prefix(*argv, "cpu=")) options.cpu_seconds = to_number(cpu);
    if (const char* memory = after_prefix(*argv, "as=")) options.memory_bytes = to_number(memory);
    if (const char* files = after_prefix(*argv, "nofile=")) options.open_files = to_number(files);
    if (const char* processes = after_prefix(*argv, "nproc=")) options.processes = to_number(processes);
    if (const char* bytes = after_prefix(*argv, "fsize=")) options.file_bytes = to_number(bytes);
    if (const char* cgroup = after_prefix(*argv, "cgroup=")) options.cgroup = cgroup;
    if (const char* cwd = after_prefix(*argv, "cwd=")) options.cwd = cwd;
    if (const char* end = after_prefix(*argv, "--"); end != nullptr && *end == '\0') {
      if (argv[1] != nullptr) options.command = argv + 1;
      break;
    }
  }
  return options;
}

LaunchResult launch(const Options& options, char** envp) {
  // The child writes into it while this process sleeps in the call.
  LaunchResult result;
  Start start{&options, envp, sys::getpid(), &result};
  result.pid = sys::spawn_sharing_memory(child_main, &start);
  return result;
}

}  // namespace taskcore::exec
