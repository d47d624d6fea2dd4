// Entity tags: see entity_tags.hpp.
#include "http/entity_tags.hpp"

#include <algorithm>
#include <charconv>

namespace taskd {

namespace {

constexpr std::string_view kWeak = "W/";
constexpr std::string_view kGzipEnd = "-gz\"";

/// Without what does not count when tags are compared weakly, and without the quote at the end.
std::string_view plain(std::string_view tag) {
  if (tag.starts_with(kWeak)) tag.remove_prefix(kWeak.size());
  tag.remove_suffix(tag.ends_with(kGzipEnd) ? kGzipEnd.size() : 1);
  return tag;
}

}  // namespace

void each_entity_tag(const Headers& headers, std::string_view name, const std::function<void(std::string_view)>& take) {
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (!iequals(headers.name(i), name)) continue;
    std::string_view list = headers.value(i);
    for (std::size_t start = 0; (start = list.find_first_not_of(" \t,")) != std::string_view::npos;) {
      list.remove_prefix(start);
      // A comma between quotes belongs to the tag.
      const std::size_t open = list.find('"');
      const std::size_t close = open == std::string_view::npos ? open : list.find('"', open + 1);
      const std::size_t comma = list.find_first_of(" \t,");
      const std::size_t end = close == std::string_view::npos || comma < open ? comma : close + 1;
      take(list.substr(0, end));
      list.remove_prefix(std::min(end, list.size()));
    }
  }
}

std::string weak_tag(std::string_view body) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, std::hash<std::string_view>{}(body), 16).ptr;
  return "W/\"" + std::string(digits, end) + "\"";
}

std::string gzip_tag(std::string_view tag) {
  if (tag.starts_with(kWeak) || !tag.ends_with('"')) return std::string(tag);
  return std::string(tag.substr(0, tag.size() - 1)) + std::string(kGzipEnd);
}

std::optional<std::string> known_tag(const Request& request, std::string_view tag) {
  std::optional<std::string> known;
  each_entity_tag(request.headers, "If-None-Match", [&](std::string_view named) {
    if (known) return;
    if (named == "*") known = tag;
    if (named.ends_with('"') && plain(named) == plain(tag)) known = named;
  });
  return known;
}

}  // namespace taskd
