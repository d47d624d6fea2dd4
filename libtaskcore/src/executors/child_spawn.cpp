// posix_spawn of the supervisor: the host's memory is not copied, and the child gets exactly the descriptors 0 to 3, no
// signal ignored or blocked, a session of its own, and no environment but the script's.
#include "executors/child_spawn.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "executors/exec/protocol.hpp"
#include "executors/spawn_setup.hpp"

namespace taskcore {
namespace {

// Descriptors are moved above those that they will become in the child, so that none is overwritten on the way.
constexpr int kLowestFd = 10;
constexpr Duration kLongestGrace = std::chrono::hours{24};

std::string describe(int error) { return std::generic_category().message(error); }

Error spawn_error(int error, const std::string& what) {
  const std::string detail = what + ": " + describe(error);
  switch (error) {
    case E2BIG:
      return fail(Errc::invalid, detail);
    case EAGAIN:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return fail(Errc::overloaded, detail);
    default:
      return fail(Errc::unavailable, detail);
  }
}

/// Raises a descriptor above kLowestFd. On failure it is lost and errno says why.
UniqueFd raised(int fd) {
  UniqueFd low(fd);
  if (fd < 0 || fd >= kLowestFd) return low;
  UniqueFd high(::fcntl(fd, F_DUPFD_CLOEXEC, kLowestFd));
  if (!high && errno == EINVAL) errno = EMFILE;  // so few descriptors allowed that there is none up there
  return high;
}

struct Pair {
  UniqueFd host{};
  UniqueFd child{};
};

bool make_pipe(Pair& pair) {
  int fds[2];
  if (::pipe2(fds, O_CLOEXEC) != 0) return false;
  pair.host.reset(fds[0]);
  pair.child = raised(fds[1]);
  return static_cast<bool>(pair.child);
}

bool make_control(Pair& pair) {
  int fds[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) != 0) return false;
  pair.host.reset(fds[0]);
  pair.child = raised(fds[1]);
  return static_cast<bool>(pair.child);
}

/// A file in memory: unlike a pipe it needs no one to feed it, and a script that does not read it breaks nothing.
bool make_stdin(const std::string& data, UniqueFd& fd) {
  if (data.empty()) return true;  // /dev/null, opened in the child
  fd = raised(::memfd_create("stdin", MFD_CLOEXEC));
  if (!fd) return false;
  for (std::size_t at = 0; at < data.size();) {
    const ssize_t written = ::pwrite(fd.get(), data.data() + at, data.size() - at, static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    at += static_cast<std::size_t>(written);
  }
  return true;
}

/// A null-ended array of C strings over strings that live in `texts`.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> arguments(const ChildSpec& spec) {
  std::vector<std::string> result;
  result.reserve(12 + spec.args.size());
  result.emplace_back("taskcore-exec");
  result.push_back("grace=" + std::to_string(bounded_grace(spec).count()));
  if (spec.cpu_seconds) result.push_back("cpu=" + std::to_string(*spec.cpu_seconds));
  if (spec.memory_bytes) result.push_back("as=" + std::to_string(*spec.memory_bytes));
  if (spec.open_files) result.push_back("nofile=" + std::to_string(*spec.open_files));
  if (spec.processes) result.push_back("nproc=" + std::to_string(*spec.processes));
  if (spec.file_bytes) result.push_back("fsize=" + std::to_string(*spec.file_bytes));
  if (!spec.cgroup.empty()) result.push_back("cgroup=" + spec.cgroup);
  if (!spec.cwd.empty()) result.push_back("cwd=" + spec.cwd);
  result.emplace_back("--");
  result.push_back(spec.command);
  result.insert(result.end(), spec.args.begin(), spec.args.end());
  return result;
}

std::vector<std::string> environment(const ChildSpec& spec) {
  std::vector<std::string> result;
  result.reserve(spec.env.size());
  for (const auto& [name, value] : spec.env) result.push_back(name + '=' + value);
  return result;
}

/// The system ends a text at its first NUL: better to refuse than to run something else.
bool holds_nul(const std::vector<std::string>& texts) {
  return std::any_of(texts.begin(), texts.end(),
                     [](const std::string& text) { return text.find('\0') != std::string::npos; });
}

}  // namespace

Duration bounded_grace(const ChildSpec& spec) { return std::clamp(spec.kill_grace, Duration::zero(), kLongestGrace); }

Result<SpawnedChild> spawn_child(const ChildSpec& spec) {
  if (spec.command.empty()) return invalid("", "the command is empty");
  std::vector<std::string> argument_texts = arguments(spec);
  std::vector<std::string> environment_texts = environment(spec);
  if (holds_nul(argument_texts) || holds_nul(environment_texts)) return invalid("", "a NUL character cannot be passed");

  Pair control;
  Pair output;
  Pair error;
  UniqueFd input;
  if (!make_control(control) || !make_pipe(output) || !make_pipe(error) || !make_stdin(spec.stdin_data, input)) {
    return spawn_error(errno, "cannot make the pipes of a script");
  }
  SpawnFileActions actions;
  if (input) {
    actions.place(input, 0);
  } else {
    actions.open_null(0);
  }
  actions.place(output.child, 1);
  actions.place(error.child, 2);
  actions.place(control.child, exec::kControlFd);
  actions.close_from(exec::kControlFd + 1);
  if (actions.error() != 0) return spawn_error(actions.error(), "cannot prepare a script");

  const SpawnAttributes attributes;
  const std::vector<char*> argv = pointers(argument_texts);
  const std::vector<char*> envp = pointers(environment_texts);
  pid_t pid = 0;
  const int failure =
      ::posix_spawn(&pid, spec.supervisor_path.c_str(), actions.get(), attributes.get(), argv.data(), envp.data());
  if (failure != 0) return spawn_error(failure, "cannot start the supervisor \"" + spec.supervisor_path + '"');

  SpawnedChild child{pid, {}, std::move(control.host), std::move(output.host), std::move(error.host)};
  // Should the host reap every child that it sees, the id might be a stranger's by now; child_process.cpp signals it
  // only while the control socket shows that the supervisor has lived on since.
  child.process.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!child.process && errno != ESRCH) {
    const int reason = errno;
    abandon_child(child);
    return spawn_error(reason, "cannot watch a script");
  }
  return child;
}

void abandon_child(SpawnedChild& child) {
  const char command = exec::kKill;
  ::send(child.control.get(), &command, 1, MSG_NOSIGNAL);
  child.control.reset();
  while (::waitpid(child.pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace taskcore
