// Each rule and the words that tell how it was broken: see rules.hpp.
#include "model/rules.hpp"

#include <unordered_set>

#include "model/text.hpp"

namespace taskcore {
namespace {

constexpr TimePoint kFirstInstant{};
constexpr TimePoint kLastInstant = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1) - Duration(1);

std::string from_to(std::int64_t least, std::int64_t most) {
  return " from " + std::to_string(least) + " to " + std::to_string(most);
}

}  // namespace

void Rules::line(std::string pointer, std::string_view text, std::size_t max_length) {
  if (!is_utf8(text)) {
    fault(std::move(pointer), "must be valid UTF-8");
  } else if (has_control_character(text)) {
    fault(std::move(pointer), "must not hold control characters");
  } else if (is_blank(text) || count_characters(text) > max_length) {
    fault(std::move(pointer), "must be 1 to " + std::to_string(max_length) + " characters, not all blank");
  }
}

void Rules::prose(std::string pointer, std::string_view text, std::size_t max_length) {
  if (!is_utf8(text) || text.find('\0') != std::string_view::npos) {
    fault(std::move(pointer), "must be valid UTF-8 without NUL");
  } else if (count_characters(text) > max_length) {
    fault(std::move(pointer), "must be at most " + std::to_string(max_length) + " characters");
  }
}

void Rules::token(std::string pointer, std::string_view text, std::size_t max_size) {
  if (is_token(text, max_size)) return;
  fault(std::move(pointer), "must be 1 to " + std::to_string(max_size) + R"( letters, digits or "_", ".", ":", "-")");
}

void Rules::unique_lines(const std::string& pointer, std::vector<std::string>& items, std::size_t max_items,
                         std::size_t max_length) {
  std::unordered_set<std::string> seen;
  std::vector<std::string> kept;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < items.size() && kept.size() <= max_items; ++i) {
    if (!seen.insert(items[i]).second) continue;
    kept.push_back(items[i]);
    places.push_back(i);
  }
  if (kept.size() > max_items) {
    fault(pointer, "must be at most " + std::to_string(max_items) + " entries");
    return;
  }
  items = std::move(kept);
  for (std::size_t k = 0; k < items.size(); ++k) line(pointer_to(pointer, places[k]), items[k], max_length);
}

void Rules::range(std::string pointer, int value, int least, int most) {
  if (value < least || value > most) fault(std::move(pointer), "must be a whole number" + from_to(least, most));
}

void Rules::span(std::string pointer, Duration value, Duration least, Duration most) {
  if (value >= least && value <= most) return;
  fault(std::move(pointer), "must be a whole number of milliseconds" + from_to(least.count(), most.count()));
}

void Rules::instant(std::string pointer, TimePoint at) {
  if (at < kFirstInstant || at > kLastInstant) fault(std::move(pointer), "must be in the years 1970 to 9999");
}

}  // namespace taskcore
