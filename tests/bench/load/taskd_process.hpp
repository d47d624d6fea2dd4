// The server as a child process, on a free port of the loopback.
#pragma once

#include <cstdint>
#include <string>

#include "harness/process.hpp"

namespace bench {

class TaskdProcess {
 public:
  /// Returns when it is ready. Throws when it does not get so.
  TaskdProcess(const std::string& program, const std::string& data_directory);

  std::uint16_t port() const { return port_; }
  int pid() const { return process_.pid(); }
  double seconds_to_ready() const { return seconds_to_ready_; }
  std::string make_token() const;

  /// SIGTERM, and its end. Throws when that was not clean.
  void stop();

 private:
  std::string program_;
  std::string data_directory_;
  Process process_;
  std::uint16_t port_ = 0;
  double seconds_to_ready_ = 0;
};

}  // namespace bench
