// Fills the placeholders of a configuration when an attempt begins.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "taskcore/options.hpp"
#include "taskcore/run.hpp"

namespace taskcore {

/// Where the values come from.
struct FillSources {
  const SecretSource& secrets;
  const boost::json::value& params;         ///< Of the run.
  const boost::json::object& dependencies;  ///< As RunContext::dependencies gives them.
  const std::vector<std::string>& ids;      ///< Of all dependencies of the task.
};

struct FilledConfig {
  boost::json::object values{};
  std::vector<std::string> secrets{};  ///< The values that were filled in.
  bool from_params = false;            ///< Whether some came from there.
  bool params_from_params = false;     ///< Whether some came from there into the configuration's "params".
  bool from_dependencies = false;      ///< Whether some came from there.
  std::optional<RunError> error{};     ///< Why it could not be filled: final, and it names the place.
};

/// Fills each text of `config` once: what was filled in is not looked at again, so no value can ask for another one. A
/// text that is one placeholder becomes the value itself; inside a longer text a value stands as plain_text writes it.
FilledConfig fill(const boost::json::object& config, const FillSources& sources);

struct FilledList {
  boost::json::array items{};
  std::optional<RunError> error{};  ///< Why there is none: final, and it names forEach.
};

/// The items of `for_each`, a list or a text that is one placeholder; at most `most`. Those of a list stay as they are.
FilledList fill_list(const boost::json::value& for_each, std::size_t most, const FillSources& sources);

}  // namespace taskcore
