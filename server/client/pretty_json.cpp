// See pretty_json.hpp.
#include "client/pretty_json.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <charconv>

namespace taskd {

namespace json = boost::json;

namespace {

constexpr std::size_t kShort = 80;

/// Boost.JSON writes 2.5 as 2.5E0.
std::string number(double value) {
  std::array<char, 32> out{};
  const auto end = std::to_chars(out.data(), out.data() + out.size(), value).ptr;
  std::string text(out.data(), end);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string scalar(const json::value& value) {
  return value.is_double() ? number(value.get_double()) : json::serialize(value);
}

bool is_flat(const json::value& value) {
  const auto is_scalar = [](const json::value& one) { return !one.is_structured(); };
  if (const auto* list = value.if_array()) return std::all_of(list->begin(), list->end(), is_scalar);
  const auto& object = value.get_object();
  return std::all_of(object.begin(), object.end(), [&](const auto& one) { return is_scalar(one.value()); });
}

/// Between `open` and `close`, each on a line of its own or, where `lines` is not set, all on one.
class Writer {
 public:
  std::string text;

  void write(const json::value& value, std::size_t indent, bool lines) {
    if (const auto* list = value.if_array()) {
      begin('[');
      for (const auto& one : *list) item(indent, lines, {}, one);
      end(']', indent, lines && !list->empty());
    } else if (const auto* object = value.if_object()) {
      begin('{');
      for (const auto& one : *object) item(indent, lines, json::serialize(json::string(one.key())) + ": ", one.value());
      end('}', indent, lines && !object->empty());
    } else {
      text += scalar(value);
    }
  }

 private:
  void begin(char mark) {
    text += mark;
    is_first_ = true;
  }

  void item(std::size_t indent, bool lines, const std::string& name, const json::value& value) {
    if (!is_first_) text += lines ? "," : ", ";
    if (lines) text += "\n" + std::string(indent + 2, ' ');
    text += name + pretty_json(value, indent + 2);
    is_first_ = false;
  }

  void end(char mark, std::size_t indent, bool lines) {
    if (lines) text += "\n" + std::string(indent, ' ');
    text += mark;
  }

  bool is_first_ = true;
};

}  // namespace

std::string pretty_json(const json::value& value, std::size_t indent) {
  if (value.is_structured() && is_flat(value)) {
    Writer writer;
    writer.write(value, indent, false);
    if (writer.text.size() <= kShort) return std::move(writer.text);
  }
  Writer writer;
  writer.write(value, indent, true);
  return std::move(writer.text);
}

}  // namespace taskd
