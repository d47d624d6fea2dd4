#include "executors/last_line.hpp"

#include <utility>

#include "executors/line_ends.hpp"

namespace taskcore {
namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Where the last character that is no white space ends; 0 when there is none.
std::size_t end_of_text(std::string_view text) {
  std::size_t end = text.size();
  while (end > 0 && is_space(text[end - 1])) --end;
  return end;
}

bool is_blank(std::string_view text) { return end_of_text(text) == 0; }

/// The last line among `lines`, each of which has an end, that is not blank; empty when all are.
std::string_view last_among(std::string_view lines) {
  const std::size_t end = end_of_text(lines);
  if (end == 0) return {};
  const std::size_t start = size_with_last_end(lines.substr(0, end));
  return lines.substr(start, lines.find('\n', end) - start);
}

}  // namespace

bool LastLine::Line::blank() const { return !too_long && is_blank(text); }

void LastLine::append(std::string_view bytes) {
  if (current_.too_long) return;
  if (bytes.size() > most_ - current_.text.size()) {
    current_.too_long = true;
    current_.text.clear();
  } else {
    current_.text.append(bytes);
  }
}

void LastLine::feed(std::string_view bytes) {
  const std::size_t first_end = bytes.find('\n');
  if (first_end == std::string_view::npos) return append(bytes);
  append(bytes.substr(0, first_end));
  if (!current_.blank()) std::swap(ended_, current_);
  current_.text.clear();
  current_.too_long = false;

  bytes.remove_prefix(first_end + 1);
  const std::size_t whole = size_with_last_end(bytes);
  if (const std::string_view line = last_among(bytes.substr(0, whole)); !line.empty()) {
    ended_.too_long = line.size() > most_;
    ended_.text.assign(ended_.too_long ? std::string_view{} : line);
  }
  append(bytes.substr(whole));
}

std::optional<std::string_view> LastLine::get() const {
  const Line& line = current_.blank() ? ended_ : current_;
  if (line.too_long || line.blank()) return std::nullopt;
  return line.text;
}

}  // namespace taskcore
