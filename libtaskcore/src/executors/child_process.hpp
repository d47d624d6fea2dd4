// A command and every process that it starts, run below a supervisor (exec/) and watched without a thread, a signal
// handler or a coroutine. What its output and its end mean is the caller's business.
#pragma once

#include <sys/types.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "taskcore/result.hpp"
#include "taskcore/time.hpp"

namespace taskcore {

struct SpawnedChild;

/// What to run. Nothing passes a shell and nothing is inherited from the host but its user, its limits and (with an
/// empty `cwd`) its working directory.
struct ChildSpec {
  std::string command{};  ///< A path, or a name that is looked up in the PATH of `env`.
  std::vector<std::string> args{};
  std::vector<std::pair<std::string, std::string>> env{};  ///< The whole environment.
  std::string cwd{};
  std::string stdin_data{};
  Duration kill_grace{2000};                    ///< Between SIGTERM and SIGKILL; at most a day.
  std::optional<std::uint64_t> cpu_seconds{};   ///< SIGXCPU when used up, SIGKILL a second later; for each process.
  std::optional<std::uint64_t> memory_bytes{};  ///< Address space of each process.
  std::optional<std::uint64_t> open_files{};
  std::optional<std::uint64_t> processes{};   ///< Of the user on this machine, as it is; root's are not bounded.
  std::optional<std::uint64_t> file_bytes{};  ///< SIGXFSZ when a file would grow beyond.
  std::string cgroup{};                       ///< A control group of its own; the supervisor removes it at the end.
  std::string supervisor_path{};              ///< Where taskcore-exec is.
};

/// How it ended.
struct ChildExit {
  int exec_errno = 0;           ///< Why the command could not be started; 0 when it was.
  bool cwd_failed = false;      ///< It was `cwd` that could not be entered.
  bool cgroup_failed = false;   ///< It was `cgroup` that could not be entered.
  int exit_code = -1;           ///< -1 when it did not exit by itself.
  int signal = 0;               ///< The signal that ended it.
  bool lost = false;            ///< How it ended is not known: the supervisor died, or the command cannot be killed.
  int left = 0;                 ///< Processes that outlived SIGKILL: another user's, or in uninterruptible sleep.
  std::int64_t max_rss_kb = 0;  ///< Of the largest process of the tree.
  std::int64_t cpu_us = 0;      ///< User and system time of the tree.
};

/// A running command. It keeps itself alive until it has ended; to end it early call `terminate`. When the execution
/// context is destroyed before that, or the host dies, the tree is ended in the same manner.
///
/// Not thread safe: the executor must be a strand or run on a single thread, and `start`, `terminate` and `kill` must
/// be called on it. Handlers must not throw.
class ChildProcess : public std::enable_shared_from_this<ChildProcess> {
 public:
  /// Receives output as it comes: stream 1 is standard output, 2 standard error.
  using OutputHandler = std::function<void(int stream, std::string_view bytes)>;
  /// Called exactly once, after all output, when no process of the tree is left (or `left` says how many).
  using ExitHandler = std::function<void(const ChildExit&)>;

  /// Starts `spec`; both handlers are called on `executor`, never from within `start`. A command that cannot be
  /// executed is reported by `on_exit`. Errors, after which no handler is called: `invalid` (empty command, NUL in a
  /// text, too long for the system), `unavailable` (no supervisor), `overloaded` (no descriptors, processes or memory
  /// left).
  static Result<std::shared_ptr<ChildProcess>> start(boost::asio::any_io_executor executor, const ChildSpec& spec,
                                                     OutputHandler on_output, ExitHandler on_exit);

  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// SIGTERM to the whole tree, SIGKILL after the grace. Does nothing when it has ended. May be called from a handler.
  void terminate();

  /// SIGKILL to the whole tree at once.
  void kill();

  /// The supervisor's process id.
  pid_t pid() const noexcept { return pid_; }

 private:
  struct Private {};  // keeps the constructor to start()

 public:
  ChildProcess(Private, const boost::asio::any_io_executor& executor, const ChildSpec& spec, OutputHandler on_output,
               ExitHandler on_exit);

 private:
  using Descriptor = boost::asio::posix::stream_descriptor;
  struct Output {
    Descriptor descriptor;
    int stream;
  };

  boost::system::error_code adopt(SpawnedChild& child);
  void watch_output(Output& output);
  bool read_output(Output& output, int most_reads);
  void watch_control();
  void read_report();
  void send_control(char command);
  void give_up_after(Duration wait);
  void supervisor_done(const ChildExit& exit);
  void reap_then_finish();
  void finish();

  pid_t pid_ = 0;
  const Duration grace_;
  Output out_;
  Output err_;
  Descriptor control_;
  Descriptor process_;  // the supervisor's pidfd
  boost::asio::steady_timer patience_;
  OutputHandler on_output_;
  ExitHandler on_exit_;
  ChildExit exit_{};
  bool asked_to_end_ = false;
  bool done_ = false;  // the report is in, or will never be
};

}  // namespace taskcore
