// A script's output: bytes of two streams in, lines of text out, and no more of them than there is room for.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "executors/last_line.hpp"
#include "executors/output_tail.hpp"
#include "taskcore/log.hpp"

namespace taskcore {

/// All sizes are of bytes as they came in, but for what a line costs: its text as it is handed on and `line_cost`, so
/// that many short lines are bounded, too.
struct OutputLimits {
  std::size_t max_output = 1024 * 1024;  ///< Kept of both streams together: half at the head, half at the tail.
  std::size_t max_line = 64 * 1024;      ///< Longer lines are split.
  std::size_t max_result = 256 * 1024;   ///< Of the last line of standard output.
  std::size_t line_cost = 0;             ///< Beyond the text. All lines together cost at most twice `max_output`.
};

/// Keeps the head of the output, handed on line by line as it comes, and its tail, handed on at the end. Output that
/// fits `max_output` loses nothing unless its lines are mostly shorter than `line_cost`. Lines are valid UTF-8 (what is
/// not becomes U+FFFD) without line end. Memory: `max_output` + 2 × `max_line` + 2 × `max_result`, and 8 bytes for each
/// change of stream in the tail. Not thread safe.
class OutputCapture {
 public:
  using LineHandler = std::function<void(LogStream stream, std::string_view line)>;
  /// Called once, between head and tail, when `bytes` bytes of output were dropped.
  using TruncationHandler = std::function<void(std::uint64_t bytes)>;

  OutputCapture(const OutputLimits& limits, LineHandler on_line, TruncationHandler on_truncated);

  /// `stream` is stdout_ or stderr_.
  void feed(LogStream stream, std::string_view bytes);

  /// Hands on what is left: unfinished lines, the truncation, the tail. Call once, when both streams have ended.
  void finish();

  /// The last line of standard output that is not blank, as it came. Nothing when there is none or it is longer than
  /// `max_result`. Valid as long as this object, once finished.
  std::optional<std::string_view> last_line() const { return last_line_.get(); }

  /// Bytes dropped so far.
  std::uint64_t dropped() const noexcept { return dropped_at_end_ + (tail_ ? tail_->dropped() : 0); }

 private:
  void hold(LogStream stream, std::string_view unfinished);
  void release(LogStream stream);
  void take(LogStream stream, std::string_view lines);
  std::string_view text_of(std::string_view line);
  std::size_t skip_costly_lines();
  template <class Visit>
  void for_each_tail_line(Visit visit) const;
  template <class Visit>
  void for_each_line(std::string_view lines, Visit visit) const;
  std::string& unfinished(LogStream stream) { return unfinished_[stream == LogStream::stderr_ ? 1 : 0]; }

  OutputLimits limits_;
  LineHandler on_line_;
  TruncationHandler on_truncated_;
  std::size_t head_left_;
  std::size_t head_cost_left_;
  std::uint64_t dropped_at_end_ = 0;
  std::optional<OutputTail> tail_{};  // from the moment that the head is full
  std::array<std::string, 2> unfinished_{};
  LastLine last_line_;
  std::string scratch_{};
};

}  // namespace taskcore
