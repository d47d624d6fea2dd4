// Reading the fields of a message; what is missing or of another kind counts as empty.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string_view>

namespace taskd {

inline std::string_view text_of(const boost::json::object& message, std::string_view key) {
  const auto* value = message.if_contains(key);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view{};
}

inline bool flag_of(const boost::json::object& message, std::string_view key) {
  const auto* value = message.if_contains(key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

inline double number_of(const boost::json::object& message, std::string_view key) {
  const auto* value = message.if_contains(key);
  boost::system::error_code no_number;
  return value == nullptr ? 0 : value->to_number<double>(no_number);
}

}  // namespace taskd
