// See words.hpp.
#include "schedule/words.hpp"

#include <algorithm>
#include <array>

#include "model/text.hpp"

namespace taskcore::schedule {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

/// At blanks, and before and after each of `ends` that is none.
std::vector<std::string_view> cut(std::string_view text, std::string_view ends) {
  std::vector<std::string_view> words;
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    const std::size_t size = std::clamp<std::size_t>(text.find_first_of(ends), 1, text.size());
    words.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return words;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

std::vector<std::string_view> split(std::string_view text) { return cut(text, " \t\r\n,"); }

std::vector<std::string_view> split_at_blanks(std::string_view text) { return cut(text, kBlanks); }

bool is(std::string_view word, std::string_view expected) {
  return std::equal(word.begin(), word.end(), expected.begin(), expected.end(),
                    [](char a, char b) { return lower(a) == b; });
}

std::optional<unsigned> weekday_of(std::string_view word) {
  constexpr std::array<std::array<std::string_view, 2>, 7> kWeekdays{{{"sunday", "sun"},
                                                                      {"monday", "mon"},
                                                                      {"tuesday", "tue"},
                                                                      {"wednesday", "wed"},
                                                                      {"thursday", "thu"},
                                                                      {"friday", "fri"},
                                                                      {"saturday", "sat"}}};
  for (unsigned weekday = 0; weekday < kWeekdays.size(); ++weekday) {
    if (is(word, kWeekdays[weekday][0]) || is(word, kWeekdays[weekday][1])) return weekday;
  }
  return std::nullopt;
}

std::string_view as_written(Words words) {
  if (words.empty()) return {};
  return {words.front().data(),
          static_cast<std::size_t>(words.back().data() + words.back().size() - words.front().data())};
}

}  // namespace taskcore::schedule
