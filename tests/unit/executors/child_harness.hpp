// Runs commands to their end, and watches processes by descriptor, for the tests of child_process.
#pragma once

#include <dirent.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "executors/child_process.hpp"
#include "executors/unique_fd.hpp"

namespace taskcore {

// Long enough for a machine under load; a test that needs it has failed.
inline constexpr int kPatienceMs = 20000;

inline ChildSpec command(std::string path, std::vector<std::string> args = {}) {
  ChildSpec spec;
  spec.command = std::move(path);
  spec.args = std::move(args);
  spec.env = {{"PATH", "/usr/bin:/bin"}};
  spec.supervisor_path = TASKCORE_EXEC_PATH;
  return spec;
}

inline ChildSpec shell(std::string script) { return command("/bin/sh", {"-c", std::move(script)}); }

/// One run, its output and its end.
struct ChildRun {
  std::shared_ptr<ChildProcess> process{};
  std::string out{};
  std::string err{};
  ChildExit exit{};
  int exits = 0;
};

/// Starts a run; `on_output` is called with the run whenever output has come.
inline std::shared_ptr<ChildRun> start_run(boost::asio::io_context& io, const ChildSpec& spec,
                                           std::function<void(ChildRun&)> on_output = {}) {
  auto run = std::make_shared<ChildRun>();
  auto started = ChildProcess::start(
      io.get_executor(), spec,
      [run, on_output](int stream, std::string_view bytes) {
        (stream == 1 ? run->out : run->err).append(bytes);
        if (on_output) on_output(*run);
      },
      [run](const ChildExit& exit) {
        run->exit = exit;
        ++run->exits;
        run->process.reset();
      });
  run->process = started.value();
  return run;
}

inline ChildRun run_to_end(const ChildSpec& spec, std::function<void(ChildRun&)> on_output = {}) {
  boost::asio::io_context io(1);
  const std::shared_ptr<ChildRun> run = start_run(io, spec, std::move(on_output));
  io.run();
  return *run;
}

/// Another process, by a descriptor that no reuse of its id can confuse.
class WatchedProcess {
 public:
  explicit WatchedProcess(pid_t pid) : fd_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}

  /// Whether it ends within `timeout_ms`. One that is gone already has ended.
  bool ended(int timeout_ms = 0) const {
    if (!fd_) return true;
    pollfd poll_fd{fd_.get(), POLLIN, 0};
    return ::poll(&poll_fd, 1, timeout_ms) == 1;
  }

 private:
  UniqueFd fd_;
};

inline std::size_t line_count(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += c == '\n' ? 1u : 0u;
  return count;
}

/// The processes whose ids stand at the front of a text, one a line.
inline std::vector<WatchedProcess> watch_all(const std::string& text) {
  std::vector<WatchedProcess> result;
  for (std::size_t at = 0; at < text.size() && text[at] >= '0' && text[at] <= '9';) {
    std::size_t used = 0;
    result.emplace_back(std::stoi(text.substr(at), &used));
    at += used + 1;
  }
  return result;
}

inline bool all_ended(const std::vector<WatchedProcess>& processes, int timeout_ms = 0) {
  for (const WatchedProcess& process : processes) {
    if (!process.ended(timeout_ms)) return false;
  }
  return true;
}

inline int open_descriptors() {
  int count = 0;
  DIR* const directory = ::opendir("/proc/self/fd");
  while (::readdir(directory) != nullptr) ++count;
  ::closedir(directory);
  return count;
}

}  // namespace taskcore
