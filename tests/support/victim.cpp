#include "support/victim.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

extern char** environ;

namespace taskcore::testing {
namespace {

pid_t spawn(std::vector<std::string>& command, int output) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  std::vector<char*> args;
  for (std::string& word : command) args.push_back(word.data());
  args.push_back(nullptr);
  pid_t pid = -1;
  const int failed = ::posix_spawn(&pid, args[0], &actions, nullptr, args.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  return failed == 0 ? pid : -1;
}

/// False at the end of the stream.
bool read_some(int fd, std::string& text) {
  std::array<char, 65536> buffer{};
  const ssize_t size = ::read(fd, buffer.data(), buffer.size());
  if (size > 0) text.append(buffer.data(), static_cast<std::size_t>(size));
  return size > 0;
}

}  // namespace

Victim::Victim(std::vector<std::string> command) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
  pid_ = spawn(command, ends[1]);
  ::close(ends[1]);
  output_ = ends[0];
  if (pid_ > 0) return;
  ::close(output_);
  throw std::runtime_error("cannot start " + command[0]);
}

Victim::~Victim() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    reap();
  }
  ::close(output_);
}

bool Victim::read_until(Instant end, std::string& text) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
    if (left <= 0) return true;
    pollfd ready{output_, POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(left)) > 0 && !read_some(output_, text)) return false;
  }
}

void Victim::kill(std::string& text) {
  ::kill(pid_, SIGKILL);
  while (read_some(output_, text)) {
  }
  const int status = reap();
  if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) throw std::runtime_error("the child ended by itself");
}

void Victim::ask_to_end() noexcept { ::kill(pid_, SIGTERM); }

int Victim::wait(std::string& text) {
  while (read_some(output_, text)) {
  }
  const int status = reap();
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int Victim::reap() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return status;
}

}  // namespace taskcore::testing
