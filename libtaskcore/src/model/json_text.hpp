// JSON as stored text. Reading is exact: Boost.JSON's own parser may miss the last bit of a fraction, and a value that
// is read and written time and again must not drift.
#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "taskcore/result.hpp"

namespace taskcore {

/// Levels of nesting that a value from outside may have.
inline constexpr std::size_t kMaxJsonDepth = 32;

/// Errors: `corrupt`, when it is not JSON or is nested beyond twice kMaxJsonDepth.
Result<boost::json::value> parse_json(std::string_view text);

/// The value of such a text; null when it is empty, which says that there is none, or cannot be read.
boost::json::value parse_stored(std::string_view text);

/// What keeps `value` from being stored: text or a key that is not UTF-8, a number that is not finite, nesting beyond
/// kMaxJsonDepth. `pointer` is where the value itself stands. None when it may be stored.
std::optional<FieldError> json_flaw(const boost::json::value& value, const std::string& pointer);
std::optional<FieldError> json_flaw(const boost::json::object& object, const std::string& pointer);

/// A string as it is, anything else as compact JSON: what stands for `value` inside a text.
std::string plain_text(const boost::json::value& value);

/// Whether `object` as text is longer than `bytes`. The text is made only when that is in doubt. Precondition: no flaw.
bool is_longer_than(const boost::json::object& object, std::size_t bytes);

}  // namespace taskcore
