// Sets of numbers in plain words.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

namespace taskcore::schedule {

/// "a", "a and b", "a, b and c".
inline std::string in_a_row(const std::vector<std::string>& items) {
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += i + 1 == items.size() ? " and " : ", ";
    out += items[i];
  }
  return out;
}

/// "5th", "2nd".
inline std::string ordinal(unsigned number) {
  const bool teen = number / 10 % 10 == 1;
  const char* end = teen ? "th" : number % 10 == 1 ? "st" : number % 10 == 2 ? "nd" : number % 10 == 3 ? "rd" : "th";
  return std::to_string(number) + end;
}

/// The values of a set that is not empty: "3", "1 and 15", "5 to 9", "every 5th month from May to June". `name` writes
/// one value, `unit` says what they all are.
template <class Name>
std::string in_words(std::uint64_t set, const std::string& unit, Name name) {
  constexpr std::size_t kShownAsProgression = 5;
  std::vector<unsigned> values;
  for (; set != 0; set &= set - 1) values.push_back(static_cast<unsigned>(std::countr_zero(set)));
  const unsigned step = values.size() > 1 ? values[1] - values[0] : 1;
  bool even = true;
  for (std::size_t i = 1; i < values.size(); ++i) even = even && values[i] - values[i - 1] == step;
  if (even && step > 1 && values.size() >= kShownAsProgression) {
    return "every " + ordinal(step) + " " + unit + " from " + name(values.front()) + " to " + name(values.back());
  }
  std::vector<std::string> items;
  for (std::size_t i = 0; i < values.size();) {
    std::size_t end = i + 1;
    while (end < values.size() && values[end] == values[end - 1] + 1) ++end;
    if (end - i >= 3) {
      items.push_back(name(values[i]) + " to " + name(values[end - 1]));
    } else {
      for (std::size_t k = i; k < end; ++k) items.push_back(name(values[k]));
    }
    i = end;
  }
  return in_a_row(items);
}

/// "minute 0, 15, 30 and 45", "every 5th minute from 0 to 55".
inline std::string in_words(std::uint64_t set, const std::string& unit) {
  const std::string words = in_words(set, unit, [](unsigned value) { return std::to_string(value); });
  return words.starts_with("every ") ? words : unit + " " + words;
}

}  // namespace taskcore::schedule
