// What can go wrong for a command that speaks to a server, and the exit code that says so.
#pragma once

#include <boost/system/result.hpp>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "taskcore/error.hpp"

namespace taskd {

/// Exit codes of the commands that speak to a server, besides 0 and kExitUsage (cli/arguments.hpp).
inline constexpr int kExitRunFailed = 1;      ///< `run --wait`: the run failed or was cancelled.
inline constexpr int kExitRefused = 3;        ///< The server refused it: 4xx.
inline constexpr int kExitUnavailable = 4;    ///< The server cannot be reached, or could not do it: 5xx.
inline constexpr int kExitInterrupted = 130;  ///< Ctrl-C.

struct Failure {
  Failure() = default;
  Failure(int code, std::string text, int answer_status = 0)
      : exit_code(code), detail(std::move(text)), status(answer_status) {}

  int exit_code = kExitUnavailable;
  std::string detail{};
  std::vector<taskcore::FieldError> fields{};  ///< Each wrong value, by JSON pointer.
  int status = 0;                              ///< Of the answer; 0 where there was none.

  /// Whether the next call would fare no better.
  bool is_general() const noexcept { return exit_code != kExitRefused || status == 401 || status == 429; }
};

/// A value or a Failure.
template <class T>
using Answer = boost::system::result<T, Failure>;

/// What an answer that is no success means: its problem document, or the status where it has none.
Failure failure_of(int status, std::string_view body);

Failure interrupted();

/// What is wrong with the command line, the settings or a file.
Failure usage_failure(std::string detail);

/// Lines "taskd: …", one for each wrong value where there are some. `subject`, such as `task "a"`, may be empty.
void print_failure(std::ostream& err, const Failure& failure, std::string_view subject = {});

}  // namespace taskd
