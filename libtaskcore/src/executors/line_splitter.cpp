// How the work is kept small: output is cut into lines only where lines are handed on. While it runs into the tail it
// moves in whole chunks, of which only the last line end is looked for.
#include "executors/line_splitter.hpp"

#include <algorithm>
#include <utility>

#include "executors/line_ends.hpp"
#include "executors/utf8.hpp"

namespace taskcore {
OutputCapture::OutputCapture(const OutputLimits& limits, LineHandler on_line, TruncationHandler on_truncated)
    : limits_(limits),
      on_line_(std::move(on_line)),
      on_truncated_(std::move(on_truncated)),
      head_left_(limits.max_output / 2),
      last_line_(limits.max_result) {
  limits_.max_line = std::max<std::size_t>(limits_.max_line, 4);  // room for one character
}

void OutputCapture::feed(LogStream stream, std::string_view bytes) {
  if (stream == LogStream::stdout_) last_line_.feed(bytes);
  const std::size_t whole = size_with_last_end(bytes);
  std::string_view lines = bytes.substr(0, whole);
  if (!lines.empty() && !unfinished(stream).empty()) {
    const std::size_t first = lines.find('\n') + 1;
    hold(stream, lines.substr(0, first));
    release(stream);
    lines.remove_prefix(first);
  }
  take(stream, lines);
  hold(stream, bytes.substr(whole));
}

/// Adds to the unfinished line, and hands on what makes it longer than a line may be.
void OutputCapture::hold(LogStream stream, std::string_view bytes) {
  std::string& line = unfinished(stream);
  while (!bytes.empty()) {
    const std::size_t part = std::min(bytes.size(), limits_.max_line + 1 - line.size());
    line.append(bytes.substr(0, part));
    bytes.remove_prefix(part);
    if (line.size() <= limits_.max_line || line.back() == '\n') continue;
    const std::size_t cut = cut_utf8(line, limits_.max_line);
    take(stream, std::string_view(line).substr(0, cut));
    line.erase(0, cut);
  }
}

void OutputCapture::release(LogStream stream) {
  take(stream, unfinished(stream));
  unfinished(stream).clear();
}

/// `lines` are whole lines, or one piece of a line.
void OutputCapture::take(LogStream stream, std::string_view lines) {
  if (!tail_) {
    std::size_t taken = 0;
    for_each_line(lines, [&](std::string_view line, std::size_t size) {
      if (size > head_left_) return false;
      head_left_ -= size;
      taken += size;
      emit(stream, line);
      return true;
    });
    lines.remove_prefix(taken);
    if (lines.empty()) return;
    const std::size_t head = limits_.max_output / 2 - head_left_;
    tail_.emplace(limits_.max_output - head);
  }
  tail_->push(stream, lines);
}

/// Calls `visit(line, size with its end)` until that returns false.
template <class Visit>
void OutputCapture::for_each_line(std::string_view lines, Visit visit) const {
  while (!lines.empty()) {
    const std::size_t end = lines.substr(0, limits_.max_line + 1).find('\n');
    const bool ended = end != std::string_view::npos;
    const std::size_t size = ended ? end : cut_utf8(lines, limits_.max_line);
    if (!visit(lines.substr(0, size), ended ? size + 1 : size)) return;
    lines.remove_prefix(ended ? size + 1 : size);
  }
}

void OutputCapture::emit(LogStream stream, std::string_view line) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  on_line_(stream, repair_utf8(line, scratch_));
}

void OutputCapture::finish() {
  release(LogStream::stdout_);
  release(LogStream::stderr_);
  if (!tail_) return;
  if (tail_->dropped() > 0) on_truncated_(tail_->dropped());
  tail_->drain([this](LogStream stream, std::string_view lines) {
    for_each_line(lines, [&](std::string_view line, std::size_t) {
      emit(stream, line);
      return true;
    });
  });
}

}  // namespace taskcore
