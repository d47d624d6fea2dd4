// JSON Schemas as HTML: see schema_html.hpp.
#include "openapi/schema_html.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "openapi/document.hpp"
#include "openapi/html.hpp"

namespace taskd {

namespace json = boost::json;

namespace {

std::string text_of(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

std::string code(std::string_view text) { return "<code>" + escaped(text) + "</code>"; }

std::string link_to(std::string_view name) {
  return "<a href=\"#schema-" + escaped(name) + "\">" + escaped(name) + "</a>";
}

/// Calls `word` for each and puts `between` between what it says.
template <class F>
std::string listed(const json::array& items, std::string_view between, F word) {
  std::string out;
  for (const json::value& item : items) out += (out.empty() ? "" : std::string(between)) + word(item);
  return out;
}

std::string type_words(const json::object& schema, std::string_view type) {
  if (type == "array") {
    const auto* items = schema.if_contains("items");
    return "list of " + (items != nullptr ? schema_words(items->as_object()) : "anything");
  }
  return std::string(type);
}

std::string kind_words(const json::object& schema) {
  if (const auto name = reference_name(schema); !name.empty()) return link_to(name);
  if (const auto* value = schema.if_contains("const")) return code(json::serialize(*value));
  if (const auto* values = schema.if_contains("enum")) {
    return listed(values->as_array(), " or ", [](const json::value& one) { return code(text_of(one)); });
  }
  for (const char* several : {"anyOf", "oneOf", "allOf"}) {
    const auto* schemas = schema.if_contains(several);
    if (schemas == nullptr || schema.contains("properties")) continue;
    return listed(schemas->as_array(), " or ", [](const json::value& one) { return schema_words(one.as_object()); });
  }
  const auto* type = schema.if_contains("type");
  if (type == nullptr) return schema.contains("not") ? "" : "anything";
  if (type->is_string()) return type_words(schema, type->get_string());
  return listed(type->as_array(), " or ", [&](const json::value& one) { return type_words(schema, one.as_string()); });
}

/// "1 to 10 items" for minItems and maxItems.
std::string bounds(const json::object& schema, const char* least, const char* most, const std::string& unit) {
  const auto* from = schema.if_contains(least);
  const auto* to = schema.if_contains(most);
  if (from != nullptr && to != nullptr) return ", " + json::serialize(*from) + " to " + json::serialize(*to) + unit;
  if (from != nullptr) return ", at least " + json::serialize(*from) + unit;
  return to != nullptr ? ", at most " + json::serialize(*to) + unit : "";
}

std::string member_row(const json::object& schema, std::string_view name, const json::object& member) {
  bool needed = false;
  if (const auto* required = schema.if_contains("required")) {
    for (const json::value& one : required->as_array()) needed = needed || one.as_string() == name;
  }
  std::string out = "<tr><td>" + code(name) + (needed ? "<br><span class=\"needed\">needed</span>" : "") + "</td><td>" +
                    schema_words(member) + "</td><td>";
  if (const auto* description = member.if_contains("description")) out += prose(description->as_string());
  const auto* items = member.if_contains("items");
  out += schema_table(member) + (items != nullptr ? schema_table(items->as_object()) : "");
  return out + "</td></tr>\n";
}

/// "Where `type` is `script`, `config` is ScriptConfig."
std::string condition(const json::object& rule) {
  std::string out;
  for (const auto& [name, value] : rule.at("if").at("properties").as_object()) {
    out += "Where " + code(name) + " is " + schema_words(value.as_object()) + ", ";
  }
  for (const auto& [name, value] : rule.at("then").at("properties").as_object()) {
    out += code(name) + " is " + schema_words(value.as_object()) + ".";
  }
  return "<p>" + out + "</p>\n";
}

}  // namespace

std::string schema_words(const json::object& schema) {
  std::string out = kind_words(schema);
  out += bounds(schema, "minimum", "maximum", "");
  out += bounds(schema, "minLength", "maxLength", " characters");
  out += bounds(schema, "minItems", "maxItems", " items");
  if (const auto* pattern = schema.if_contains("pattern")) out += ", like " + code(pattern->as_string());
  if (const auto* absent = schema.if_contains("default")) out += ", by default " + code(text_of(*absent));
  return out;
}

std::string schema_table(const json::object& schema) {
  std::string out;
  const auto* all = schema.if_contains("allOf");
  const auto* properties = schema.if_contains("properties");
  if (all != nullptr && schema.contains("unevaluatedProperties")) {
    for (const json::value& one : all->as_array()) {
      const json::object& part = one.as_object();
      out += part.contains("if") ? condition(part) : "<p>All fields of " + schema_words(part) + ".</p>\n";
    }
  }
  if (properties == nullptr) return out;
  out += "<div class=\"scroll\"><table><tr><th>Member</th><th>Type</th><th></th></tr>\n";
  for (const auto& [name, member] : properties->as_object()) out += member_row(schema, name, member.as_object());
  return out + "</table></div>\n";
}

}  // namespace taskd
