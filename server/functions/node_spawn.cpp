// Starting Node.js: see node_spawn.hpp.
#include "functions/node_spawn.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

extern char** environ;

namespace taskd {

using taskcore::Errc;
using taskcore::Error;
using taskcore::fail;
using taskcore::Result;

namespace {

// The child's ends lie above all that they become there, so that none is overwritten on the way.
constexpr int kLowestFd = 10;
constexpr int kLastFd = 4;

Error spawn_error(int reason) {
  return fail(Errc::unavailable, "cannot start Node.js: " + std::generic_category().message(reason));
}

File raised(File low) { return low ? File(::fcntl(low.get(), F_DUPFD_CLOEXEC, kLowestFd)) : File(); }

/// The two ends of a pipe or a socket: the server's, and the child's.
struct Pair {
  File ours;
  File theirs;

  explicit operator bool() const { return ours && theirs; }
};

Pair make_pipe(bool child_reads) {
  int fds[2];
  if (::pipe2(fds, O_CLOEXEC) != 0) return {};
  File reading(fds[0]);
  File writing(fds[1]);
  return child_reads ? Pair{std::move(writing), raised(std::move(reading))}
                     : Pair{std::move(reading), raised(std::move(writing))};
}

Pair make_channel() {
  int fds[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) return {};
  File ours(fds[0]);
  return {std::move(ours), raised(File(fds[1]))};
}

File make_text(std::string_view text) {
  File file = raised(File(::memfd_create("runner", MFD_CLOEXEC)));
  for (std::size_t at = 0; file && at < text.size();) {
    const ssize_t written = ::pwrite(file.get(), text.data() + at, text.size() - at, static_cast<off_t>(at));
    if (written <= 0) return {};
    at += static_cast<std::size_t>(written);
  }
  return file;
}

/// Where a parent that is Node.js itself says that it talks by descriptor 3, which is ours.
bool is_for_another(std::string_view variable) {
  return variable.starts_with("NODE_CHANNEL_") || variable.starts_with("NODE_UNIQUE_ID=");
}

std::vector<std::string> node_environment() {
  std::vector<std::string> kept;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    for (const std::string_view name : {"PATH=", "HOME=", "LANG=", "TZ=", "NODE_"}) {
      if (text.substr(0, name.size()) == name && !is_for_another(text)) kept.emplace_back(text);
    }
  }
  return kept;
}

/// posix_spawn's parameters: exactly the descriptors 0 to 4, every signal at its default, a session of its own.
class SpawnPlan {
 public:
  explicit SpawnPlan(const std::array<const File*, kLastFd + 1>& files) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    for (int fd = 0; fd <= kLastFd; ++fd) {
      note(::posix_spawn_file_actions_adddup2(&actions_, files[static_cast<std::size_t>(fd)]->get(), fd));
    }
    note(::posix_spawn_file_actions_addclosefrom_np(&actions_, kLastFd + 1));
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    note(::posix_spawnattr_setsigmask(&attributes_, &none));
    note(::posix_spawnattr_setsigdefault(&attributes_, &all));
    note(::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
  }
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  /// Gives errno's value, or 0.
  int spawn(const char* name, pid_t& pid) const {
    if (error_ != 0) return error_;
    std::vector<std::string> words{name, "--input-type=module", "-"};
    std::vector<std::string> variables = node_environment();
    std::vector<char*> argv;
    std::vector<char*> envp;
    for (auto& word : words) argv.push_back(word.data());
    for (auto& variable : variables) envp.push_back(variable.data());
    argv.push_back(nullptr);
    envp.push_back(nullptr);
    return ::posix_spawnp(&pid, name, &actions_, &attributes_, argv.data(), envp.data());
  }

 private:
  void note(int error) {
    if (error_ == 0) error_ = error;
  }
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
  int error_ = 0;
};

}  // namespace

Result<SpawnedNode> spawn_node(std::string_view program) {
  const File text = make_text(program);
  Pair output = make_pipe(false);
  Pair error = make_pipe(false);
  Pair channel = make_channel();
  Pair lifeline = make_pipe(true);
  if (!text || !output || !error || !channel || !lifeline) return spawn_error(errno);

  const SpawnPlan plan({&text, &output.theirs, &error.theirs, &channel.theirs, &lifeline.theirs});
  SpawnedNode node;
  int failure = plan.spawn("node", node.pid);
  if (failure == ENOENT) failure = plan.spawn("nodejs", node.pid);
  if (failure == ENOENT) {
    return fail(Errc::not_found,
                "Node.js 18.19 or newer is needed, and there is no node in PATH; on Debian: "
                "apt-get install nodejs");
  }
  if (failure != 0) return spawn_error(failure);
  node.process = File(static_cast<int>(::syscall(SYS_pidfd_open, node.pid, 0)));
  if (!node.process) {
    const int reason = errno;
    ::kill(-node.pid, SIGKILL);
    ::waitpid(node.pid, nullptr, 0);
    return spawn_error(reason);
  }
  node.channel = std::move(channel.ours);
  node.output = std::move(output.ours);
  node.error = std::move(error.ours);
  node.lifeline = std::move(lifeline.ours);
  return node;
}

}  // namespace taskd
