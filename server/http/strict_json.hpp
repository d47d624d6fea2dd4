// JSON text to a value, strictly: no duplicate keys, no trailing text, valid UTF-8, bounded depth, finite numbers.
#pragma once

#include <boost/json/value.hpp>
#include <boost/system/result.hpp>
#include <string>
#include <string_view>

namespace taskd {

inline constexpr std::size_t kMaxJsonDepth = 32;

struct JsonFault {
  std::string detail;      ///< What is wrong, in words.
  std::size_t offset = 0;  ///< Byte at which it was noticed, from 0.
};

boost::system::result<boost::json::value, JsonFault> parse_strict_json(std::string_view text);

}  // namespace taskd
