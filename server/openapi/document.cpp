// The OpenAPI document: see document.hpp.
#include "openapi/document.hpp"

#include <boost/json/parse.hpp>

#include "openapi/texts.hpp"
#include "taskcore/version.hpp"

namespace taskd {

namespace json = boost::json;

namespace {

void join(json::object& into, const json::object& part) {
  for (const auto& [name, value] : part) {
    json::value& there = into[name];
    if (there.is_object() && value.is_object()) {
      join(there.get_object(), value.get_object());
    } else {
      there = value;
    }
  }
}

}  // namespace

json::object openapi_document() {
  json::object out;
  for (const std::string_view part : openapi_parts()) join(out, json::parse(part).as_object());
  out.at("info").as_object()["version"] = taskcore::kVersion;
  return out;
}

const json::object& resolved(const json::object& document, const json::value& value) {
  const auto* reference = value.as_object().if_contains("$ref");
  if (reference == nullptr) return value.get_object();
  const json::object* within = &document;
  std::string_view rest = std::string_view(reference->as_string()).substr(2);  // behind "#/"
  while (!rest.empty()) {
    const std::size_t slash = rest.find('/');
    within = &within->at(rest.substr(0, slash)).as_object();
    rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
  }
  return *within;
}

std::string_view reference_name(const json::object& schema) {
  const auto* reference = schema.if_contains("$ref");
  if (reference == nullptr) return {};
  const std::string_view path = reference->as_string();
  return path.substr(path.rfind('/') + 1);
}

}  // namespace taskd
