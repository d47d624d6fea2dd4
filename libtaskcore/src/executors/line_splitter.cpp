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
      head_cost_left_(limits.max_output),
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
      const std::string_view text = text_of(line);
      const std::size_t cost = text.size() + limits_.line_cost;
      if (size > head_left_ || cost > head_cost_left_) return false;
      head_left_ -= size;
      head_cost_left_ -= cost;
      taken += size;
      on_line_(stream, text);
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

/// Without carriage return, as valid UTF-8. Good until the next call.
std::string_view OutputCapture::text_of(std::string_view line) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return repair_utf8(line, scratch_);
}

/// Calls `visit(stream, line, size with its end)` until that returns false.
template <class Visit>
void OutputCapture::for_each_tail_line(Visit visit) const {
  bool more = true;
  tail_->for_each([&](LogStream stream, std::string_view lines) {
    if (!more) return;
    for_each_line(lines, [&](std::string_view line, std::size_t size) { return more = visit(stream, line, size); });
  });
}

/// How many lines at the tail's front are too much.
std::size_t OutputCapture::skip_costly_lines() {
  std::size_t cost = 0;
  for_each_tail_line([&](LogStream, std::string_view line, std::size_t) {
    cost += text_of(line).size() + limits_.line_cost;
    return true;
  });
  std::size_t lines = 0;
  for_each_tail_line([&](LogStream, std::string_view line, std::size_t size) {
    if (cost <= limits_.max_output + head_cost_left_) return false;
    cost -= text_of(line).size() + limits_.line_cost;
    dropped_at_end_ += size;
    ++lines;
    return true;
  });
  return lines;
}

void OutputCapture::finish() {
  release(LogStream::stdout_);
  release(LogStream::stderr_);
  if (!tail_) return;
  tail_->straighten();
  std::size_t skip = skip_costly_lines();
  if (dropped() > 0) on_truncated_(dropped());
  for_each_tail_line([&](LogStream stream, std::string_view line, std::size_t) {
    if (skip > 0) {
      --skip;
    } else {
      on_line_(stream, text_of(line));
    }
    return true;
  });
}

}  // namespace taskcore
