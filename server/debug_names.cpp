// DebugNames: see debug_names.hpp.
#include "debug_names.hpp"

#include <algorithm>

namespace taskd {

namespace {

/// Whether `pattern`, in which `*` stands for any text, fits all of `name`. At a mismatch the last `*` takes one more
/// character, so the time is bounded by the product of the sizes.
bool fits(std::string_view pattern, std::string_view name) noexcept {
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;
  std::size_t taken = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace

DebugNames::DebugNames(std::string_view text) {
  constexpr std::string_view kBetween = ", \t\n";
  for (;;) {
    const std::size_t start = text.find_first_not_of(kBetween);
    if (start == std::string_view::npos) return;
    text.remove_prefix(start);
    const std::string_view item = text.substr(0, text.find_first_of(kBetween));
    text.remove_prefix(item.size());
    item.front() == '-' ? unwanted_.emplace_back(item.substr(1)) : wanted_.emplace_back(item);
  }
}

bool DebugNames::match(std::string_view name) const noexcept {
  const auto is_it = [name](const std::string& pattern) { return fits(pattern, name); };
  return std::any_of(wanted_.begin(), wanted_.end(), is_it) && std::none_of(unwanted_.begin(), unwanted_.end(), is_it);
}

}  // namespace taskd
