// taskd as a client: the real program, with its input, output and errors in pipes.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace taskd::testing {

class ClientProcess {
 public:
  struct Told {
    int code = 0;  ///< Minus the signal's number when it was one.
    std::string out{};
    std::string err{};
  };

  /// `words` come after "taskd"; `environment` is all of it. `input` is written at once: keep it below a pipe's 64 KiB.
  ClientProcess(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment,
                std::string_view input = {});
  ~ClientProcess();  ///< Kills it.
  ClientProcess(const ClientProcess&) = delete;
  ClientProcess& operator=(const ClientProcess&) = delete;

  /// Reads until `word` stands in the output. Throws when the output ends before.
  void read_until(std::string_view word);

  void signal(int number) const;

  /// Waits for its end.
  Told finish();

 private:
  /// Reads what comes next; false at the end of both.
  bool fill();

  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
  Told told_{};
};

}  // namespace taskd::testing
