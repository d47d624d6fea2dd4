// "${secret.NAME}" in a task's configuration: filled in for each attempt, stored and shown as it is written. And the
// masks that keep what was filled in out of all that the attempt says.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "taskcore/options.hpp"
#include "taskcore/result.hpp"

namespace taskcore {

/// Whether any text in it asks for a secret.
bool asks_for_secrets(const boost::json::value& value);

struct FilledConfig {
  boost::json::object config{};
  std::vector<std::string> secrets{};  ///< The values that were filled in.
};

/// Fills in each ${secret.NAME}; "$${" stands for "${". Errors: `not_found`, naming the secret.
Result<FilledConfig> fill_secrets(const boost::json::object& config, const SecretSource& source);

/// `value` so written that filling gives it back as it is, whatever its texts ask for.
boost::json::value never_filled(boost::json::value value);

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
