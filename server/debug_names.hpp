// The value of DEBUG, as Node's "debug" module reads it: names with `*` in any place, separated by commas or blanks;
// one behind a `-` is left out, whatever else matches.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace taskd {

class DebugNames {
 public:
  explicit DebugNames(std::string_view text = {});

  /// `name` is as in "task:http".
  bool match(std::string_view name) const noexcept;
  bool empty() const noexcept { return wanted_.empty(); }

 private:
  std::vector<std::string> wanted_{};
  std::vector<std::string> unwanted_{};
};

}  // namespace taskd
