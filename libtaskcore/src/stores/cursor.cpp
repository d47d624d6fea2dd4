// Cursors are a letter for the listing, a letter for the direction, and the key in decimal.
#include "cursor.hpp"

#include <charconv>
#include <limits>

namespace taskcore::stores {
namespace {

std::string prefix(Listing listing, bool oldest_first) {
  return {static_cast<char>(listing), oldest_first ? 'o' : 'n'};
}

}  // namespace

std::string make_cursor(Listing listing, bool oldest_first, std::int64_t last_key) {
  return prefix(listing, oldest_first) + std::to_string(last_key);
}

Result<std::int64_t> read_cursor(Listing listing, bool oldest_first, std::string_view cursor) {
  if (cursor.empty()) return oldest_first ? 0 : std::numeric_limits<std::int64_t>::max();
  std::int64_t key = 0;
  if (cursor.size() > 2 && cursor.starts_with(prefix(listing, oldest_first))) {
    std::from_chars(cursor.data() + 2, cursor.data() + cursor.size(), key);
  }
  // Writing it again shows whether all of it was understood.
  if (key < 1 || make_cursor(listing, oldest_first, key) != cursor) {
    return invalid("/cursor", "is not a cursor of this listing; begin again without one");
  }
  return key;
}

}  // namespace taskcore::stores
