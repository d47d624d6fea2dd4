#include "model/json_append.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <charconv>

namespace taskcore {

namespace json = boost::json;

namespace {

bool needs_no_escape(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\' && c != '\x7f';
  });
}

template <class Number>
void append_number(std::string& out, Number number) {
  std::array<char, 24> digits{};
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

void begin_member(std::string& out, std::string_view name) {
  if (out.back() != '{') out += ',';
  append_json(out, name);
  out += ':';
}

}  // namespace

void append_json(std::string& out, std::string_view text) {
  if (needs_no_escape(text)) {
    out.append(1, '"').append(text).append(1, '"');
  } else {
    out += json::serialize(json::string_view(text));
  }
}

void append_json(std::string& out, const json::object& object) {
  out += '{';
  for (const auto& [name, value] : object) append_member(out, name, value);
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

void append_member(std::string& out, std::string_view name, const json::value& value) {
  begin_member(out, name);
  append_json(out, value);
}

void append_member(std::string& out, std::string_view name, const json::object& value) {
  begin_member(out, name);
  append_json(out, value);
}

}  // namespace taskcore
