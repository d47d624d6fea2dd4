// Child processes of the bench: what they print, what they cost, and their sure end.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace bench {

struct ProcessEnd {
  int exit_code = -1;  ///< -1: a signal ended it.
  double user_seconds = 0;
  double system_seconds = 0;
};

/// One child, with its standard output on a pipe and its standard error thrown away. It is killed when this goes.
class Process {
 public:
  /// `environment`: "NAME=value" to add to our own. Throws when it cannot be started.
  explicit Process(const std::vector<std::string>& command, const std::vector<std::string>& environment = {});
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }

  /// The next line of output; empty at its end, or when `patience` is over.
  std::string read_line(std::chrono::milliseconds patience = std::chrono::seconds(120));
  std::string read_all();
  void terminate();  ///< SIGTERM.
  ProcessEnd wait();

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  bool ended_ = false;
  std::string buffered_{};
};

/// The path of this very program, for children that measure from a fresh start.
std::string own_program();

}  // namespace bench
