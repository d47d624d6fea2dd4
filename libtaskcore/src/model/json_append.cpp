#include "model/json_append.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace taskcore {

namespace json = boost::json;

namespace {

bool is_plain(char c) noexcept { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\' && c != '\x7f'; }

/// Whether all of eight characters are plain, whose bytes are those of `eight`: exact for all of them together, since a
/// borrow comes only from a byte that is not.
bool are_plain(std::uint64_t eight) noexcept {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101;
  constexpr std::uint64_t kHigh = 0x80 * kOnes;
  const auto has_zero = [](std::uint64_t bytes) { return (bytes - kOnes) & ~bytes & kHigh; };
  const std::uint64_t control = (eight - 0x20 * kOnes) & ~eight & kHigh;
  return (control | has_zero(eight ^ '"' * kOnes) | has_zero(eight ^ '\\' * kOnes) | has_zero(eight ^ 0x7f * kOnes)) ==
         0;
}

bool needs_no_escape(std::string_view text) noexcept {
  for (; text.size() >= sizeof(std::uint64_t); text.remove_prefix(sizeof(std::uint64_t))) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data(), sizeof eight);
    if (!are_plain(eight)) return false;
  }
  return std::all_of(text.begin(), text.end(), is_plain);
}

template <class Number>
void append_number(std::string& out, Number number) {
  std::array<char, 24> digits{};
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

}  // namespace

void begin_member(std::string& out, std::string_view name) {
  out.append(out.back() == '{' ? "\"" : ",\"").append(name).append("\":");
}

void append_json(std::string& out, std::string_view text) {
  if (needs_no_escape(text)) {
    out.append(1, '"').append(text).append(1, '"');
  } else {
    out += json::serialize(json::string_view(text));
  }
}

void append_json(std::string& out, const json::object& object) {
  out += '{';
  for (const auto& [name, value] : object) {
    if (out.back() != '{') out += ',';
    append_json(out, std::string_view(name));
    out += ':';
    append_json(out, value);
  }
  out += '}';
}

void append_json(std::string& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      out += "null";
      break;
    case json::kind::bool_:
      out += value.get_bool() ? "true" : "false";
      break;
    case json::kind::int64:
      append_number(out, value.get_int64());
      break;
    case json::kind::uint64:
      append_number(out, value.get_uint64());
      break;
    case json::kind::double_:
      out += json::serialize(value);
      break;
    case json::kind::string:
      append_json(out, std::string_view(value.get_string()));
      break;
    case json::kind::array:
      out += '[';
      for (const json::value& each : value.get_array()) {
        if (out.back() != '[') out += ',';
        append_json(out, each);
      }
      out += ']';
      break;
    case json::kind::object:
      append_json(out, value.get_object());
      break;
  }
}

}  // namespace taskcore
