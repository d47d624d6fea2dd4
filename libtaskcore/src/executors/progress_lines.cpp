// How the work is kept small: a chunk is searched for the mark as a whole, not line by line.
#include "executors/progress_lines.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "executors/line_ends.hpp"

namespace taskcore {
namespace {

constexpr std::string_view kMark = "::progress::";
constexpr std::string_view kMarkedLine = "\n::progress::";
/// No number that tells progress needs more.
constexpr std::size_t kLongestLine = 48;

bool may_become_mark(std::string_view line) {
  const std::size_t size = std::min(line.size(), kMark.size());
  return line.substr(0, size) == kMark.substr(0, size);
}

/// How much of `bytes` can be passed on unseen: up to a line that tells progress or may yet do so.
std::size_t plain_size(std::string_view bytes) {
  // memmem, as find looks at one character at a time.
  const void* const found = ::memmem(bytes.data(), bytes.size(), kMarkedLine.data(), kMarkedLine.size());
  if (found != nullptr) return static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data()) + 1;
  const std::size_t last_line = size_with_last_end(bytes);
  return last_line > 0 && may_become_mark(bytes.substr(last_line)) ? last_line : bytes.size();
}

}  // namespace

std::optional<double> parse_progress(std::string_view line) {
  if (!line.starts_with(kMark)) return std::nullopt;
  line.remove_prefix(kMark.size());
  const bool percent = line.ends_with('%');
  if (percent) line.remove_suffix(1);
  double value = 0;
  const auto [end, bad] = std::from_chars(line.data(), line.data() + line.size(), value, std::chars_format::fixed);
  if (bad != std::errc{} || end != line.data() + line.size() || line.front() == '-') return std::nullopt;
  if (percent) value /= 100;
  return value >= 0 && value <= 1 ? std::optional(value) : std::nullopt;
}

void ProgressLines::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    if (at_line_start_ && (!held_.empty() || bytes.front() == kMark.front())) {
      bytes.remove_prefix(take_line(bytes));
      continue;
    }
    const std::size_t plain = plain_size(bytes);
    pass_(bytes.substr(0, plain));
    at_line_start_ = bytes[plain - 1] == '\n';
    bytes.remove_prefix(plain);
  }
}

/// Adds to the held line, and lets it go once it has ended or cannot tell progress. Gives how much it took.
std::size_t ProgressLines::take_line(std::string_view bytes) {
  const std::size_t room = kLongestLine - held_.size();
  const std::size_t end = bytes.substr(0, room).find('\n');
  const bool ended = end != std::string_view::npos;
  const std::size_t size = ended ? end + 1 : std::min(bytes.size(), room);
  held_.append(bytes.substr(0, size));
  if (!ended && held_.size() < kLongestLine && may_become_mark(held_)) return size;
  if (ended) {
    release(held_);
  } else {
    pass_(held_);
  }
  held_.clear();
  at_line_start_ = ended;
  return size;
}

/// A whole line, perhaps without its end.
void ProgressLines::release(std::string_view line) {
  std::string_view text = line;
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (const auto fraction = parse_progress(text)) {
    tell_(*fraction);
  } else {
    pass_(line);
  }
}

void ProgressLines::finish() {
  if (!held_.empty()) release(held_);
  held_.clear();
}

}  // namespace taskcore
