// Progress that a script tells on its standard output: lines that are exactly "::progress::0.5" or "::progress::50%".
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace taskcore {

/// The fraction, 0 to 1, that a line without its end tells. Nothing when it is any other line.
std::optional<double> parse_progress(std::string_view line);

/// Takes such lines out of a stream that comes in pieces of any size; all else passes as it is. Not thread safe.
class ProgressLines {
 public:
  using Pass = std::function<void(std::string_view bytes)>;
  using Tell = std::function<void(double fraction)>;

  ProgressLines(Pass pass, Tell tell) : pass_(std::move(pass)), tell_(std::move(tell)) {}

  void feed(std::string_view bytes);

  /// A last line without end is one, too.
  void finish();

 private:
  std::size_t take_line(std::string_view bytes);
  void release(std::string_view line);

  Pass pass_;
  Tell tell_;
  std::string held_{};         // the part that has come of a line that may tell progress
  bool at_line_start_ = true;  // of such a line: what comes next belongs to it
};

}  // namespace taskcore
