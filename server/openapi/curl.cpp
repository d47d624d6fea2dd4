// Command lines of curl: see curl.hpp.
#include "openapi/curl.hpp"

#include <boost/json/serialize.hpp>

namespace taskd {

namespace json = boost::json;

namespace {

constexpr std::string_view kNext = " \\\n  ";

/// For a shell, in single quotes.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// "/api/tasks/{id}" as "/api/tasks/$ID".
std::string with_variables(std::string_view path) {
  std::string out;
  bool in_name = false;
  for (const char c : path) {
    if (c == '{' || c == '}') in_name = c == '{';
    if (c == '{') out += '$';
    if (c != '{' && c != '}') out += in_name ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

}  // namespace

std::string curl_setup() {
  return "TASKD=http://127.0.0.1:3001\nTOKEN=$(taskd token --sub alice --role user)\nJSON=\"Content-Type: "
         "application/json\"";
}

std::string curl_example(const Operation& operation) {
  std::string out = "curl ";
  if (operation.method != "GET") out += "-X " + operation.method + " ";
  out += "\"$TASKD" + with_variables(operation.path) + "\"";
  if (operation.needs_token()) out += " -H \"Authorization: Bearer $TOKEN\"";
  for (const json::object* parameter : operation.parameters) {
    const auto* examples = parameter->if_contains("examples");
    if (examples == nullptr) continue;
    const json::value& value = examples->as_object().begin()->value().at("value");
    const std::string text = value.is_string() ? std::string(value.get_string()) : json::serialize(value);
    const std::string name(parameter->at("name").as_string());
    out += parameter->at("in") == "header" ? " -H " + quoted(name + ": " + text)
                                           : " -G --data-urlencode " + quoted(name + "=" + text);
  }
  const auto* body = operation.example();
  const bool takes_something = body != nullptr && *body != json::value(json::object());
  if (takes_something) out += " -H \"$JSON\"" + std::string(kNext) + "-d " + quoted(json::serialize(*body));
  return out;
}

}  // namespace taskd
