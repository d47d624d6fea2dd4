// Header fields of a message: order kept, names compared without case. One text block holds them all, so a message
// costs two allocations however many fields it has.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace taskd {

/// True when both are equal but for ASCII case.
bool iequals(std::string_view left, std::string_view right) noexcept;

class Headers {
 public:
  /// Appends a field; others of that name stay.
  void add(std::string_view name, std::string_view value);

  /// Replaces every field of that name by this one.
  void set(std::string_view name, std::string_view value);

  /// The first value of that name. The view lives until the next change.
  std::optional<std::string_view> get(std::string_view name) const noexcept;

  /// How many fields have that name.
  std::size_t count(std::string_view name) const noexcept;

  std::size_t size() const noexcept { return entries_.size(); }
  std::string_view name(std::size_t index) const noexcept;
  std::string_view value(std::size_t index) const noexcept;

 private:
  struct Entry {
    std::uint32_t offset;
    std::uint32_t name_size;
    std::uint32_t value_size;
  };

  std::string text_;
  std::vector<Entry> entries_;
};

}  // namespace taskd
