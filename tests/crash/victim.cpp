#include "crash/victim.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <sstream>
#include <stdexcept>

extern char** environ;

namespace taskcore::crash {
namespace {

pid_t spawn(const std::string& database, const std::string& ledger, int output) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  std::string program = TASKCORE_CRASH_CHILD;
  std::string first = database;
  std::string second = ledger;
  const std::array<char*, 4> args{program.data(), first.data(), second.data(), nullptr};
  pid_t pid = 0;
  const int failed = ::posix_spawn(&pid, program.c_str(), &actions, nullptr, args.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("cannot start " + program);
  return pid;
}

/// False at the end of the stream.
bool read_some(int fd, std::string& text) {
  std::array<char, 65536> buffer{};
  const ssize_t size = ::read(fd, buffer.data(), buffer.size());
  if (size > 0) text.append(buffer.data(), static_cast<std::size_t>(size));
  return size > 0;
}

/// Until `end`; false when the stream ended before.
bool read_until(int fd, std::chrono::steady_clock::time_point end, std::string& text) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
    if (left <= 0) return true;
    pollfd ready{fd, POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(left)) > 0 && !read_some(fd, text)) return false;
  }
}

Told parse(const std::string& text) {
  Told told;
  std::istringstream lines(text);
  std::string what;
  std::string id;
  while (lines >> what >> id) {
    if (what == "T") told.tasks.push_back(id);
    if (what == "R") told.runs.push_back(id);
    if (what != "S") continue;
    std::string status;
    lines >> status;
    told.settled.emplace_back(id, status);
  }
  return told;
}

}  // namespace

Told live_and_die(const std::string& database, const std::string& ledger, std::chrono::milliseconds life) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
  const auto end = std::chrono::steady_clock::now() + life;
  const pid_t pid = spawn(database, ledger, ends[1]);
  ::close(ends[1]);
  std::string text;
  read_until(ends[0], end, text);
  ::kill(pid, SIGKILL);
  while (read_some(ends[0], text)) {
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(pid, &status, 0);
  if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) throw std::runtime_error("the child ended by itself");
  return parse(text);
}

}  // namespace taskcore::crash
