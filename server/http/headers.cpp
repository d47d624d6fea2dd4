// Headers: see headers.hpp.
#include "http/headers.hpp"

#include <algorithm>

namespace taskd {

namespace {
constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
}  // namespace

bool iequals(std::string_view left, std::string_view right) noexcept {
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(), [](char a, char b) { return lower(a) == lower(b); });
}

void Headers::add(std::string_view name, std::string_view value) {
  // The first field pays for a usual set of them.
  if (entries_.empty()) {
    entries_.reserve(12);
    text_.reserve(512);
  }
  entries_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(name.size()),
                      static_cast<std::uint32_t>(value.size())});
  text_.append(name).append(value);
}

void Headers::set(std::string_view name, std::string_view value) {
  // The text of a replaced field stays behind in the block: messages are short-lived and replacement is rare.
  std::erase_if(entries_, [&](const Entry& entry) {
    return iequals(std::string_view(text_).substr(entry.offset, entry.name_size), name);
  });
  add(name, value);
}

std::optional<std::string_view> Headers::get(std::string_view wanted) const noexcept {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (iequals(name(i), wanted)) return value(i);
  }
  return std::nullopt;
}

std::size_t Headers::count(std::string_view wanted) const noexcept {
  std::size_t found = 0;
  for (std::size_t i = 0; i < entries_.size(); ++i) found += iequals(name(i), wanted) ? 1 : 0;
  return found;
}

std::string_view Headers::name(std::size_t index) const noexcept {
  const Entry& entry = entries_[index];
  return std::string_view(text_).substr(entry.offset, entry.name_size);
}

std::string_view Headers::value(std::size_t index) const noexcept {
  const Entry& entry = entries_[index];
  return std::string_view(text_).substr(entry.offset + entry.name_size, entry.value_size);
}

}  // namespace taskd
