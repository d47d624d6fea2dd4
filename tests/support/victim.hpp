// A child process that tells lines on its standard output, and its sure end: it is killed at the latest when this goes.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace taskcore::testing {

class Victim {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  /// `command`: the program's path, then its arguments. Throws when it cannot be started.
  explicit Victim(std::vector<std::string> command);
  ~Victim();
  Victim(const Victim&) = delete;
  Victim& operator=(const Victim&) = delete;

  pid_t pid() const noexcept { return pid_; }

  /// Adds what it tells until `end` to `text`. False when it has closed its output before.
  bool read_until(Instant end, std::string& text);

  /// SIGKILL; adds what it had told before to `text`, and reaps it. Throws when it had ended by itself.
  void kill(std::string& text);

  /// SIGTERM.
  void ask_to_end() noexcept;
  /// Waits for its end. Gives its exit code, or -1 when it was a signal.
  int wait(std::string& text);

 private:
  int reap();

  pid_t pid_ = -1;
  int output_ = -1;
};

}  // namespace taskcore::testing
