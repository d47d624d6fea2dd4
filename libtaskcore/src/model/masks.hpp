// What keeps secrets out of all that an attempt says.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace taskcore {

/// Replaces secrets by "***".
class Masks {
 public:
  Masks() = default;
  /// Those of fewer than four characters are not masked: they would be found everywhere. Of a secret with several lines
  /// each line is one, too.
  explicit Masks(const std::vector<std::string>& secrets);

  bool empty() const noexcept { return texts_.empty(); }
  std::string masked(std::string_view text) const;
  boost::json::value masked_json(const boost::json::value& value) const;

 private:
  std::vector<std::string> texts_{};  ///< Longer ones first.
};

}  // namespace taskcore
