// "${secret.NAME}", "${params.a.0}" and "${dependencies.ID.result.a}" in the texts of a configuration: how they are
// written. Stored and shown as they are, they are filled in when an attempt begins (fill.hpp).
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "taskcore/result.hpp"

namespace taskcore {

struct Placeholder {
  enum class Source : std::uint8_t { secret, params, dependency };

  Source source = Source::params;
  std::string_view text{};               ///< As it is written, "${" and "}" included.
  std::string_view name{};               ///< Of the secret, or the id of the dependency.
  std::vector<std::string_view> path{};  ///< Keys and indexes; that of a dependency begins with "result" or "runId".
};

/// A stretch of text that stays as it is, or a placeholder.
using Piece = std::variant<std::string_view, Placeholder>;

/// What `text` is made of; the pieces refer to it and to `ids`, which are the dependencies. "$${params.a}" stands for
/// "${params.a}", and what begins as no placeholder does, such as "${HOME}" and "${params_dir}", is text: shells have a
/// use for it.
/// Errors, for the first one that cannot be read: `not_found` when it names no dependency of `ids`, else `invalid`.
Result<std::vector<Piece>> read_pieces(std::string_view text, const std::vector<std::string>& ids);

/// Whether there is anything to read pieces of, in a text or at any depth.
bool has_placeholders(std::string_view text) noexcept;
bool has_placeholders(const boost::json::value& value) noexcept;
bool has_placeholders(const boost::json::object& object) noexcept;

/// A placeholder as messages name it: ids and paths may be long.
std::string quoted(std::string_view placeholder);

/// `value` so written that filling gives it back as it is, whatever its texts ask for.
boost::json::value never_filled(boost::json::value value);

}  // namespace taskcore
