// Strict JSON: Boost.JSON's parser with a handler of our own, since its own one keeps the last of two equal keys.
#include "http/strict_json.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <cmath>
#include <vector>

namespace taskd {

namespace json = boost::json;

namespace {

enum class Refusal { none, duplicate_key, number };

class Builder {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  Builder() { stack_.reset(); }

  json::value take() { return stack_.release(); }
  Refusal refusal() const { return refusal_; }
  const std::string& duplicate() const { return duplicate_; }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) { return true; }
  bool on_object_end(std::size_t count, json::error_code& ec) {
    if (has_duplicate(count)) return refuse(Refusal::duplicate_key, ec);
    keys_.resize(keys_.size() - count);
    stack_.push_object(count);
    return true;
  }
  bool on_array_begin(json::error_code&) { return true; }
  bool on_array_end(std::size_t count, json::error_code&) {
    stack_.push_array(count);
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    key_.append(part.data(), part.size());
    stack_.push_chars(part);
    return true;
  }
  bool on_key(json::string_view last, std::size_t, json::error_code&) {
    key_.append(last.data(), last.size());
    keys_.push_back(std::move(key_));
    key_.clear();
    stack_.push_key(last);
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    stack_.push_chars(part);
    return true;
  }
  bool on_string(json::string_view last, std::size_t, json::error_code&) {
    stack_.push_string(last);
    return true;
  }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t value, json::string_view, json::error_code&) {
    stack_.push_int64(value);
    return true;
  }
  bool on_uint64(std::uint64_t value, json::string_view, json::error_code&) {
    stack_.push_uint64(value);
    return true;
  }
  bool on_double(double value, json::string_view, json::error_code& ec) {
    if (!std::isfinite(value)) return refuse(Refusal::number, ec);
    stack_.push_double(value);
    return true;
  }
  bool on_bool(bool value, json::error_code&) {
    stack_.push_bool(value);
    return true;
  }
  bool on_null(json::error_code&) {
    stack_.push_null();
    return true;
  }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  bool has_duplicate(std::size_t count) {
    // The newest `count` keys are this object's: nested ones have taken theirs away again.
    const auto first = keys_.end() - static_cast<std::ptrdiff_t>(count);
    std::sort(first, keys_.end());
    const auto twin = std::adjacent_find(first, keys_.end());
    if (twin == keys_.end()) return false;
    duplicate_ = *twin;
    return true;
  }

  bool refuse(Refusal reason, json::error_code& ec) {
    refusal_ = reason;
    ec = json::make_error_code(json::error::syntax);
    return false;
  }

  json::value_stack stack_;
  std::vector<std::string> keys_;
  std::string key_;
  std::string duplicate_;
  Refusal refusal_ = Refusal::none;
};

std::string describe(const Builder& builder, const json::error_code& ec) {
  if (builder.refusal() == Refusal::duplicate_key) return "duplicate key \"" + builder.duplicate() + "\"";
  if (builder.refusal() == Refusal::number) return "number out of range";
  if (ec == json::error::too_deep) return "nested deeper than " + std::to_string(kMaxJsonDepth) + " levels";
  if (ec == json::error::incomplete) return "the text ends too early";
  if (ec == json::error::extra_data) return "text after the end of the value";
  return ec.message();
}

}  // namespace

boost::system::result<json::value, JsonFault> parse_strict_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = kMaxJsonDepth;
  json::basic_parser<Builder> parser(options);
  json::error_code ec;
  std::size_t consumed = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec && consumed < text.size()) {
    // Blanks may follow the value, nothing else.
    const std::size_t rest = text.find_first_not_of(" \t\r\n", consumed);
    if (rest != std::string_view::npos) {
      consumed = rest;
      ec = json::make_error_code(json::error::extra_data);
    }
  }
  if (ec) return JsonFault{describe(parser.handler(), ec), consumed};
  return parser.handler().take();
}

}  // namespace taskd
