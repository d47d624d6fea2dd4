// Exact reading: Boost.JSON's parser with a handler of our own that converts fractions itself.
#include "model/json_text.hpp"

#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "model/faults.hpp"
#include "model/text.hpp"

namespace taskcore {

namespace json = boost::json;

namespace {

class Builder {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  Builder() { stack_.reset(); }

  json::value take() { return stack_.release(); }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) { return true; }
  bool on_object_end(std::size_t count, json::error_code&) { return stack_.push_object(count), true; }
  bool on_array_begin(json::error_code&) { return true; }
  bool on_array_end(std::size_t count, json::error_code&) { return stack_.push_array(count), true; }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return stack_.push_chars(part), true; }
  bool on_key(json::string_view last, std::size_t, json::error_code&) { return stack_.push_key(last), true; }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) { return stack_.push_chars(part), true; }
  bool on_string(json::string_view last, std::size_t, json::error_code&) { return stack_.push_string(last), true; }
  bool on_number_part(json::string_view part, json::error_code&) {
    return number_.append(part.data(), part.size()), true;
  }
  bool on_int64(std::int64_t value, json::string_view, json::error_code&) {
    number_.clear();
    return stack_.push_int64(value), true;
  }
  bool on_uint64(std::uint64_t value, json::string_view, json::error_code&) {
    number_.clear();
    return stack_.push_uint64(value), true;
  }
  bool on_double(double, json::string_view last, json::error_code& ec) {
    number_.append(last.data(), last.size());
    double value = 0;
    const auto [end, error] = std::from_chars(number_.data(), number_.data() + number_.size(), value);
    if (error != std::errc{} || end != number_.data() + number_.size()) {
      ec = json::make_error_code(json::error::syntax);
      return false;
    }
    number_.clear();
    return stack_.push_double(value), true;
  }
  bool on_bool(bool value, json::error_code&) { return stack_.push_bool(value), true; }
  bool on_null(json::error_code&) { return stack_.push_null(), true; }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  json::value_stack stack_;
  std::string number_;
};

std::optional<FieldError> find_flaw(const json::value& value, std::size_t depth);

std::optional<FieldError> find_flaw(const json::object& object, std::size_t depth) {
  for (const auto& [key, member] : object) {
    if (!is_utf8(key)) return FieldError{"", "must have keys of valid UTF-8"};
    if (auto flaw = find_flaw(member, depth + 1)) {
      return FieldError{pointer_to("", key) + flaw->pointer, std::move(flaw->detail)};
    }
  }
  return std::nullopt;
}

/// The pointer of the flaw is relative to `value`, and is put together on the way back only: most values have none.
std::optional<FieldError> find_flaw(const json::value& value, std::size_t depth) {
  if (value.is_string() && !is_utf8(value.get_string())) return FieldError{"", "must be valid UTF-8"};
  if (value.is_double() && !std::isfinite(value.get_double())) return FieldError{"", "must be a finite number"};
  if (!value.is_structured()) return std::nullopt;
  if (depth >= kMaxJsonDepth) {
    return FieldError{"", "must not be nested deeper than " + std::to_string(kMaxJsonDepth) + " levels"};
  }
  if (const auto* array = value.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      if (auto flaw = find_flaw((*array)[i], depth + 1)) {
        return FieldError{pointer_to("", i) + flaw->pointer, std::move(flaw->detail)};
      }
    }
    return std::nullopt;
  }
  return find_flaw(value.get_object(), depth);
}

/// At least as much as the value's text takes: each byte of a text may become six.
std::size_t text_bound(const json::value& value);
std::size_t text_bound(const json::object& object) {
  std::size_t bytes = 2;
  for (const auto& [key, member] : object) bytes += 6 * key.size() + 4 + text_bound(member);
  return bytes;
}
std::size_t text_bound(const json::value& value) {
  constexpr std::size_t kNumber = 32;
  if (value.is_string()) return 6 * value.get_string().size() + 2;
  if (const auto* object = value.if_object()) return text_bound(*object);
  const auto* array = value.if_array();
  if (array == nullptr) return kNumber;
  std::size_t bytes = 2;
  for (const json::value& each : *array) bytes += text_bound(each) + 1;
  return bytes;
}

}  // namespace

Result<json::value> parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = 2 * kMaxJsonDepth;
  json::basic_parser<Builder> parser(options);
  json::error_code ec;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec && text.find_first_not_of(" \t\r\n", read) != std::string_view::npos) {
    ec = json::make_error_code(json::error::extra_data);
  }
  if (ec) return fail(Errc::corrupt, "stored JSON cannot be read: " + ec.message());
  return parser.handler().take();
}

json::value parse_stored(std::string_view text) {
  if (text.empty()) return nullptr;
  auto value = parse_json(text);
  return value ? std::move(*value) : nullptr;
}

std::optional<FieldError> json_flaw(const json::value& value, const std::string& pointer) {
  auto flaw = find_flaw(value, 0);
  if (flaw) flaw->pointer.insert(0, pointer);
  return flaw;
}

std::optional<FieldError> json_flaw(const json::object& object, const std::string& pointer) {
  auto flaw = find_flaw(object, 0);
  if (flaw) flaw->pointer.insert(0, pointer);
  return flaw;
}

std::string plain_text(const json::value& value) {
  if (const auto* text = value.if_string()) return std::string(*text);
  const auto* number = value.if_double();
  if (number == nullptr) return json::serialize(value);
  std::array<char, 32> text{};  // Boost.JSON would write 1.5 as 1.5E0
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), *number).ptr};
}

bool is_longer_than(const json::object& object, std::size_t bytes) {
  return text_bound(object) > bytes && json::serialize(object).size() > bytes;
}

}  // namespace taskcore
