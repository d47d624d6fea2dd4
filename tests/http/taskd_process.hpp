// taskd as a process of its own: the real program, on loopback, with its output in one pipe.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "http/raw_client.hpp"
#include "support/temp_dir.hpp"

namespace taskd::testing {

using test_support::TempDir;

class TaskdProcess {
 public:
  /// `settings` are the whole environment, on top of PATH. The data dir is `dir`; port 0 is a free one.
  TaskdProcess(const std::filesystem::path& dir, const std::map<std::string, std::string>& settings,
               std::uint16_t port = 0);
  ~TaskdProcess();  ///< Kills it.
  TaskdProcess(const TaskdProcess&) = delete;
  TaskdProcess& operator=(const TaskdProcess&) = delete;

  pid_t pid() const { return pid_; }

  /// Reads until `word` has come, or the output ends. Gives all of it.
  const std::string& read_until(std::string_view word);

  /// As an administrator; waits until taskd listens.
  RawResponse call(std::string_view method, std::string_view target, std::string_view body = {});

  /// As a client needs them; they wait until taskd listens.
  std::string url();
  const std::string& token();

  void signal(int number) const;

  /// Waits for the end; minus the signal's number when it was one.
  int exit_code();

 private:
  pid_t start(const std::vector<std::string>& words, const std::map<std::string, std::string>& settings, int output);
  void log_in();

  const std::filesystem::path dir_;
  pid_t pid_ = -1;
  int out_ = -1;
  std::uint16_t port_ = 0;
  std::string text_;
  std::string token_;
};

}  // namespace taskd::testing
