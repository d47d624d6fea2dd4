// JSON bodies: see json_body.hpp.
#include "http/json_body.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "http/strict_json.hpp"
#include "text/trim.hpp"

namespace taskd {

namespace json = boost::json;

namespace {

/// JSON is UTF-8 and has no parameter that says otherwise; a client that sends one means it.
bool names_another_charset(std::string_view parameters) {
  constexpr std::string_view kName = "charset=";
  while (!parameters.empty()) {
    const std::size_t end = std::min(parameters.find(';'), parameters.size());
    std::string_view one = trimmed(parameters.substr(0, end));
    parameters.remove_prefix(std::min(end + 1, parameters.size()));
    if (!iequals(one.substr(0, kName.size()), kName)) continue;
    one.remove_prefix(kName.size());
    if (!iequals(one, "utf-8") && !iequals(one, "\"utf-8\"")) return true;
  }
  return false;
}

bool is_json_type(std::string_view content_type) {
  const std::size_t end = std::min(content_type.find(';'), content_type.size());
  if (names_another_charset(content_type.substr(end))) return false;
  const std::string_view type = trimmed(content_type.substr(0, end));
  if (iequals(type, "application/json")) return true;
  constexpr std::string_view kTree = "application/";
  constexpr std::string_view kSuffix = "+json";
  return type.size() > kTree.size() + kSuffix.size() && iequals(type.substr(0, kTree.size()), kTree) &&
         iequals(type.substr(type.size() - kSuffix.size()), kSuffix);
}

/// "line 2, column 7 (byte 15)", all but the byte counted from 1.
std::string place(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t newline = before.rfind('\n');
  const std::size_t column = offset - (newline == std::string_view::npos ? 0 : newline + 1) + 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(column) + " (byte " + std::to_string(offset) +
         ")";
}

}  // namespace

Outcome<json::value> json_body(const Request& request) {
  if (request.body.empty()) return make_problem(400, "This call needs a JSON body.");
  const auto type = request.headers.get("Content-Type");
  if (!type || !is_json_type(*type) || request.headers.count("Content-Type") > 1)
    return make_problem(415, "The body must be sent as Content-Type: application/json.");
  const auto coding = request.headers.get("Content-Encoding");
  if (coding && (!iequals(*coding, "identity") || request.headers.count("Content-Encoding") > 1))
    return make_problem(415, "The body must be sent without a content coding.");
  auto value = parse_strict_json(request.body);
  if (!value) {
    const JsonFault& fault = value.error();
    return make_problem(
        400, "The body is not good JSON: " + fault.detail + " at " + place(request.body, fault.offset) + ".");
  }
  return std::move(*value);
}

Outcome<json::object> json_object_body(const Request& request) {
  auto value = json_body(request);
  if (!value) return value.error();
  if (!value->is_object()) return field_problem("", "the body must be a JSON object");
  return std::move(value->get_object());
}

Outcome<json::array> json_array_body(const Request& request) {
  auto value = json_body(request);
  if (!value) return value.error();
  if (!value->is_array()) return field_problem("", "the body must be a JSON array");
  return std::move(value->get_array());
}

Outcome<json::object> optional_json_object_body(const Request& request) {
  if (request.body.empty()) return json::object{};
  return json_object_body(request);
}

std::optional<Problem> refuse_members(const Request& request) {
  const auto body = optional_json_object_body(request);
  if (!body) return body.error();
  if (body->empty()) return std::nullopt;
  return field_problem("/" + std::string(body->begin()->key()), "is unknown; this call takes nothing");
}

Response json_response(const json::value& value, int status) {
  return json_text_response(json::serialize(value), status);
}

Response json_text_response(std::string text, int status) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type", "application/json");
  response.body = std::move(text);
  return response;
}

}  // namespace taskd
