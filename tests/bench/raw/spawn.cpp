#include "raw/spawn.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "harness/measure.hpp"

extern char** environ;

namespace bench {
namespace {

struct Child {
  pid_t pid = -1;
  int output = -1;
};

Child spawn() {
  Child child;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  char program[] = "/bin/true";
  char* argv[] = {program, nullptr};
  const int failed = ::posix_spawn(&child.pid, program, &actions, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  child.output = ends[0];
  if (failed != 0) throw std::runtime_error("cannot start /bin/true");
  return child;
}

/// Reads to the end of the output, then takes the status.
void finish(const Child& child) {
  char bytes[4096];
  while (::read(child.output, bytes, sizeof bytes) > 0) {
  }
  ::close(child.output);
  int status = 0;
  if (::waitpid(child.pid, &status, 0) != child.pid || status != 0) throw std::runtime_error("/bin/true failed");
}

}  // namespace

double spawns_per_second(std::size_t total, std::size_t in_flight) {
  const auto start = now();
  std::vector<Child> children;
  std::vector<pollfd> waiting;
  for (std::size_t started = 0, ended = 0; ended < total;) {
    for (; children.size() < in_flight && started < total; ++started) children.push_back(spawn());
    waiting.clear();
    for (const Child& child : children) waiting.push_back({child.output, POLLIN, 0});
    if (::poll(waiting.data(), waiting.size(), -1) < 0) throw std::runtime_error("poll failed");
    for (std::size_t i = children.size(); i-- > 0;) {
      if (waiting[i].revents == 0) continue;
      finish(children[i]);
      children.erase(children.begin() + static_cast<std::ptrdiff_t>(i));
      ++ended;
    }
  }
  return static_cast<double>(total) / seconds_since(start);
}

}  // namespace bench
