// See crontab.hpp.
#include "cli/crontab.hpp"

#include <algorithm>

namespace taskd {

using taskcore::Errc;
using taskcore::fail;
using taskcore::Result;

namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view without_blanks(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

/// Takes a word and the blanks before it off the front.
std::string_view take_word(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
  const std::string_view word = rest.substr(0, rest.find_first_of(kBlanks));
  rest.remove_prefix(word.size());
  return word;
}

bool is_quote(char c) { return c == '"' || c == '\''; }

/// In quotes only where they are a pair around all of it.
std::string unquoted(std::string_view text) {
  if (text.size() >= 2 && is_quote(text.front()) && text.back() == text.front()) text = text.substr(1, text.size() - 2);
  return std::string(text);
}

/// Cuts at the first `%` that no backslash stands before.
void read_command(std::string_view text, CrontabEntry& entry) {
  std::string* part = &entry.command;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      if (text[i] != '%') *part += '\\';
      *part += text[i];
    } else if (text[i] != '%') {
      *part += text[i];
    } else if (!entry.input) {
      part = &entry.input.emplace();
    } else {
      *part += '\n';
    }
  }
  if (entry.input && !entry.input->ends_with('\n')) *entry.input += '\n';
}

}  // namespace

bool is_crontab_comment(std::string_view line) {
  line = without_blanks(line);
  return line.empty() || line.front() == '#';
}

std::optional<CrontabVariable> read_crontab_variable(std::string_view line) {
  line = without_blanks(line);
  std::size_t name_end = 0;
  if (!line.empty() && is_quote(line.front())) {
    const std::size_t quote = line.find(line.front(), 1);
    if (quote == std::string_view::npos) return std::nullopt;
    name_end = quote + 1;
  } else {
    name_end = std::min(line.find_first_of(" \t="), line.size());
  }
  const std::string_view rest = without_blanks(line.substr(name_end));
  if (name_end == 0 || rest.empty() || rest.front() != '=') return std::nullopt;
  return CrontabVariable{unquoted(line.substr(0, name_end)), unquoted(without_blanks(rest.substr(1)))};
}

Result<CrontabEntry> read_crontab_entry(std::string_view line, bool system) {
  std::string_view rest = line;
  const std::string_view first = take_word(rest);
  const bool nickname = first.starts_with('@');
  for (int field = 1; !nickname && field < 5; ++field) {
    if (take_word(rest).empty()) return fail(Errc::invalid, "has no schedule of five fields before a command");
  }
  CrontabEntry entry{line.substr(0, line.size() - rest.size())};
  if (system) entry.user = take_word(rest);
  rest = without_blanks(rest);
  if (rest.empty()) return fail(Errc::invalid, "has no command after the schedule");
  read_command(rest, entry);
  if (without_blanks(entry.command).empty()) return fail(Errc::invalid, "has no command before the %");
  return entry;
}

}  // namespace taskd
