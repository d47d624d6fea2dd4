// taskcore-exec: runs one attempt of a script and leaves nothing behind. protocol.hpp says how it is called and what it
// answers. It is single threaded, allocates nothing, and is the subreaper of everything below it: whatever the script
// starts stays in its tree, and once wait() says there is no child there is no descendant either.
#include "supervise.hpp"

#include <errno.h>
#include <sys/wait.h>

#include "group.hpp"
#include "launch.hpp"
#include "protocol.hpp"
#include "sys.hpp"
#include "text.hpp"
#include "tree.hpp"

namespace taskcore::exec {
namespace {

constexpr sys::SignalMask bit(int signal) { return 1UL << (signal - 1); }
// Asked politely, the supervisor ends its tree first. Every other signal stays blocked.
constexpr sys::SignalMask kWatchedSignals = bit(SIGCHLD) | bit(SIGTERM) | bit(SIGINT) | bit(SIGHUP);

// Between two rounds of SIGKILL: short at first, as most trees are gone after one.
constexpr long kFirstKillPauseMs = 2;
constexpr long kLongestKillPauseMs = 64;

class Supervisor {
 public:
  Supervisor(const Options& options, int signal_fd, int host_fd)
      : grace_ms_(options.grace_ms), cgroup_(options.cgroup), signal_fd_(signal_fd), host_fd_(host_fd) {}

  void run(const LaunchResult& started) {
    main_ = started.pid;
    for (;;) {
      reap();
      if (main_ended_ && none_left_) return;
      if (main_ended_ && !ending_) end_tree();
      if (ending_ && !kill_if_due()) return;
      wait_for_events();
    }
  }

  /// What is left in the group has escaped the tree; usually nothing is.
  void end_group() const {
    if (cgroup_ == nullptr) return;
    kill_group(cgroup_);
    remove_group(cgroup_);
  }

  void report(const LaunchResult& started) const {
    const bool exited = main_ended_ && WIFEXITED(status_);
    const bool signalled = main_ended_ && WIFSIGNALED(status_);
    rusage usage{};
    sys::getrusage(RUSAGE_CHILDREN, &usage);
    const long cpu_us =
        (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
    TextBuffer<256> line;
    line.add(kKeyErrno).add(long{started.error}).add(' ');
    line.add(kKeyCwd).add(long{started.cwd_failed}).add(' ');
    line.add(kKeyCgroup).add(long{started.cgroup_failed}).add(' ');
    line.add(kKeyCode).add(exited ? long{WEXITSTATUS(status_)} : -1L).add(' ');
    line.add(kKeySignal).add(signalled ? long{WTERMSIG(status_)} : 0L).add(' ');
    line.add(kKeyRss).add(usage.ru_maxrss).add(' ');
    line.add(kKeyCpu).add(cpu_us).add(' ');
    line.add(kKeyLeft).add(none_left_ ? 0L : long{find_descendants().count}).add('\n');
    sys::write(kControlFd, line.c_str(), line.length());
  }

 private:
  void reap() {
    for (;;) {
      int status = 0;
      const long pid = sys::wait_for_any(&status);
      if (pid == main_) {
        main_ended_ = true;
        status_ = status;
      }
      if (pid <= 0) {
        none_left_ = pid == -ECHILD;
        return;
      }
    }
  }

  /// SIGTERM once: a second one would disturb a process that is cleaning up after the first.
  void end_tree() {
    if (ending_) return;
    ending_ = true;
    kill_at_ms_ = sys::monotonic_ms() + grace_ms_;
    signal_all(SIGTERM);
    signal_all(SIGCONT);  // a stopped process cannot heed SIGTERM
  }

  void kill_now() {
    ending_ = true;
    kill_at_ms_ = 0;
  }

  /// SIGKILL when the grace is over, in every round from then on. Returns false when it is time to give up.
  bool kill_if_due() {
    const long now = sys::monotonic_ms();
    if (now < kill_at_ms_) return true;
    if (first_kill_ms_ < 0) first_kill_ms_ = now;
    if (now - first_kill_ms_ > kGiveUpMs) return false;
    if (cgroup_ != nullptr) kill_group(cgroup_);
    signal_all(SIGKILL);
    kill_pause_ms_ = kill_pause_ms_ * 2 < kLongestKillPauseMs ? kill_pause_ms_ * 2 : kLongestKillPauseMs;
    return true;
  }

  void signal_all(int signal) const {
    const Tree tree = find_descendants();
    signal_tree(tree, signal);
    if (tree.count == 0 && !main_ended_) sys::kill(main_, signal);  // no /proc here
  }

  long pause_ms() const {
    if (!ending_) return -1;
    if (first_kill_ms_ >= 0) return kill_pause_ms_;
    const long left = kill_at_ms_ - sys::monotonic_ms();
    return left > 0 ? left : 0;
  }

  void wait_for_events() {
    pollfd fds[] = {{control_fd_, POLLIN, 0}, {signal_fd_, POLLIN, 0}, {host_fd_, POLLIN, 0}};
    if (sys::poll(fds, 3, pause_ms()) <= 0) return;
    if (fds[0].revents != 0) read_control();
    if (fds[1].revents != 0) read_signals();
    if (fds[2].revents != 0) {
      host_fd_ = -1;
      end_tree();
    }
  }

  void read_control() {
    char command = 0;
    if (sys::read(control_fd_, &command, 1) != 1) control_fd_ = -1;  // the host let go
    if (command == kKill) {
      kill_now();
    } else {
      end_tree();
    }
  }

  void read_signals() {
    struct {  // signalfd_siginfo
      unsigned number;
      char rest[124];
    } signal;
    while (sys::read(signal_fd_, &signal, sizeof signal) > 0) {
      if (signal.number != SIGCHLD) end_tree();
    }
  }

  const long grace_ms_;
  const char* const cgroup_;
  const int signal_fd_;
  int control_fd_ = kControlFd;
  int host_fd_;

  pid_t main_ = 0;
  int status_ = 0;
  bool main_ended_ = false;
  bool none_left_ = false;

  bool ending_ = false;
  long kill_at_ms_ = 0;
  long first_kill_ms_ = -1;
  long kill_pause_ms_ = kFirstKillPauseMs / 2;
};

/// The script's output ends when its processes do, not when the supervisor does.
void close_standard_streams() {
  for (int fd = 0; fd < kControlFd; ++fd) sys::close(fd);
}

}  // namespace

int supervise(char** argv, char** envp) {
  const Options options = parse_options(argv);
  if (options.command == nullptr) return 2;
  sys::set_signal_mask(~0UL);
  if (sys::set_close_on_exec(kControlFd) != 0) return 2;  // not started by a host
  if (sys::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) return 3;
  const long signal_fd = sys::signalfd(kWatchedSignals);
  if (signal_fd < 0) return 3;
  // The host's death closes its end of the control socket, unless it has forked without executing a program: then a
  // copy lives on, and only this tells.
  const int host_fd = static_cast<int>(sys::pidfd_open(sys::getppid()));

  const LaunchResult started = launch(options, envp);
  close_standard_streams();
  Supervisor supervisor(options, static_cast<int>(signal_fd), host_fd);
  if (started.pid > 0) {
    supervisor.run(started);
    supervisor.end_group();
    supervisor.report(started);
  } else {
    supervisor.end_group();
    supervisor.report({0, -started.pid, false, false});
  }
  return 0;
}

}  // namespace taskcore::exec
