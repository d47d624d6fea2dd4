// The supervisor's look at its tree: both ways of looking see the same.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

#include "executors/exec/tree.hpp"
#include "executors/unique_fd.hpp"
#include "support/catch.hpp"

namespace taskcore {
namespace {

std::set<pid_t> ids(const exec::Tree& tree) {
  std::set<pid_t> result;
  for (int i = 0; i < tree.count; ++i) result.insert(tree.processes[i].pid);
  return result;
}

/// As the supervisor is: orphans become its own children.
struct Subreaper {
  Subreaper() { ::prctl(PR_SET_CHILD_SUBREAPER, 1); }
  ~Subreaper() { ::prctl(PR_SET_CHILD_SUBREAPER, 0); }
  Subreaper(const Subreaper&) = delete;
  Subreaper& operator=(const Subreaper&) = delete;
};

/// Forks a chain of `depth` processes, each of which writes its id to `fd` and waits to be killed.
void fork_chain(int depth, int fd) {
  if (depth == 0 || ::fork() != 0) return;
  ::setsid();
  const pid_t self = ::getpid();
  if (::write(fd, &self, sizeof self) < 0) ::_exit(1);
  fork_chain(depth - 1, fd);
  for (;;) ::pause();
}

}  // namespace

TEST_CASE("every descendant is found and signalled, by either way of looking", "[process_tree]") {
  const Subreaper subreaper;
  int fds[2];
  REQUIRE(::pipe(fds) == 0);
  const UniqueFd reader(fds[0]);
  const UniqueFd writer(fds[1]);
  fork_chain(3, fds[1]);
  fork_chain(2, fds[1]);
  std::set<pid_t> expected;
  for (int i = 0; i < 5; ++i) {
    pid_t pid = 0;
    REQUIRE(::read(fds[0], &pid, sizeof pid) == sizeof pid);
    expected.insert(pid);
  }
  CHECK(ids(exec::find_descendants_by_parent()) == expected);
  const exec::Tree tree = exec::find_descendants();
  CHECK(ids(tree) == expected);

  exec::signal_tree(tree, SIGKILL);
  for (int i = 0; i < 5; ++i) CHECK(expected.erase(::waitpid(-1, nullptr, 0)) == 1);
  CHECK(exec::find_descendants().count == 0);
}

}  // namespace taskcore
