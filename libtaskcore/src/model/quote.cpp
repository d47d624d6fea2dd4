// in_quotes: see quote.hpp.
#include "model/quote.hpp"

namespace taskcore {

std::string in_quotes(std::string_view text, std::size_t most) {
  const bool cut = text.size() > most;
  std::string out = "\"";
  for (const char c : text.substr(0, most)) out += c >= ' ' && c <= '~' ? c : '?';
  out += cut ? "...\"" : "\"";
  return out;
}

}  // namespace taskcore
