// How a check says what does not hold.
#pragma once

#include <stdexcept>
#include <string_view>

namespace taskcore::testing {

inline void must(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

/// Fit to be printed and sent as it is.
inline void must_be_printable(std::string_view text) {
  must(!text.empty() && text.size() < 1000, "refused without a word, or at length");
  for (const char c : text) must(c >= ' ' && c != '\x7f', "refused with bytes that cannot be printed");
}

}  // namespace taskcore::testing
