// The text that leads from one page of a listing to the next. It names the last row that was given, so rows that come
// or go in between neither repeat nor hide others.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "taskcore/result.hpp"

namespace taskcore::stores {

/// Which listing a cursor belongs to: one of another listing, or of the other direction, is refused.
enum class Listing : char { tasks = 't', runs = 'r', audit = 'a' };

std::string make_cursor(Listing listing, bool oldest_first, std::int64_t last_key);

/// The key of the last row that was given; for an empty cursor a key that is before all others in that direction.
/// Errors: `invalid` ("/cursor").
Result<std::int64_t> read_cursor(Listing listing, bool oldest_first, std::string_view cursor);

}  // namespace taskcore::stores
