// in_quotes: see quote.hpp.
#include "model/quote.hpp"

namespace taskcore {

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kShown = 60;
  const bool cut = text.size() > kShown;
  std::string out = "\"";
  for (const char c : text.substr(0, kShown)) out += c >= ' ' && c <= '~' ? c : '?';
  out += cut ? "...\"" : "\"";
  return out;
}

}  // namespace taskcore
