// JsonSchema: see json_schema.hpp.
#include "support/json_schema.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <stdexcept>

#include "openapi/document.hpp"

namespace taskd::testing {

namespace json = boost::json;

/// A value in hand.
struct JsonSchema::Visit {
  const json::value& value;
  std::string where;
  std::vector<std::string> faults{};
  std::set<std::string, std::less<>> seen{};  ///< Members that some schema has a word on.

  void fault(const std::string& what) { faults.push_back((where.empty() ? "/" : where) + " " + what); }
};

namespace {

/// Words for people and tools.
constexpr std::string_view kSilent[]{"description", "title", "default", "examples", "format", "then"};

bool is_whole(const json::value& value) {
  const auto* number = value.if_double();
  return value.is_int64() || value.is_uint64() || (number != nullptr && std::trunc(*number) == *number);
}

bool is_type(const json::value& value, std::string_view type) {
  if (type == "null") return value.is_null();
  if (type == "boolean") return value.is_bool();
  if (type == "integer") return is_whole(value);
  if (type == "number") return value.is_number();
  if (type == "string") return value.is_string();
  if (type == "array") return value.is_array();
  if (type == "object") return value.is_object();
  throw std::logic_error("no type of JSON Schema: " + std::string(type));
}

bool is_of_types(const json::value& value, const json::value& types) {
  if (types.is_string()) return is_type(value, types.get_string());
  return std::any_of(types.as_array().begin(), types.as_array().end(),
                     [&](const json::value& one) { return is_type(value, one.as_string()); });
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool has_doubles(const json::array& list) {
  for (auto one = list.begin(); one != list.end(); ++one) {
    if (std::find(list.begin(), one, *one) != one) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> JsonSchema::faults(const json::value& schema, const json::value& value) {
  Visit visit{value, ""};
  check(schema.as_object(), visit);
  return visit.faults;
}

void JsonSchema::check(const json::object& schema, Visit& visit) {
  for (const auto& [keyword, said] : schema) check_keyword(keyword, said, schema, visit);
  // It is about what all the others leave, so it comes last.
  const auto* rest = schema.if_contains("unevaluatedProperties");
  if (rest == nullptr || !visit.value.is_object()) return;
  if (*rest != json::value(false)) throw std::logic_error("unevaluatedProperties is checked as false only");
  for (const auto& [name, member] : visit.value.get_object()) {
    if (visit.seen.count(std::string_view(name)) == 0) visit.fault("has an unknown member " + std::string(name));
  }
}

void JsonSchema::check_keyword(std::string_view keyword, const json::value& said, const json::object& schema,
                               Visit& visit) {
  if (std::find(std::begin(kSilent), std::end(kSilent), keyword) != std::end(kSilent)) return;
  if (keyword == "unevaluatedProperties") return;
  if (check_kind(keyword, said, visit) || check_size(keyword, said, visit)) return;
  if (check_members(keyword, said, schema, visit) || check_others(keyword, said, schema, visit)) return;
  throw std::logic_error("a keyword that nobody checks: " + std::string(keyword));
}

bool JsonSchema::check_kind(std::string_view keyword, const json::value& said, Visit& visit) {
  const json::value& value = visit.value;
  if (keyword == "type") {
    if (!is_of_types(value, said)) visit.fault("must be " + json::serialize(said) + ": " + json::serialize(value));
  } else if (keyword == "enum") {
    const auto& words = said.as_array();
    if (std::find(words.begin(), words.end(), value) == words.end()) visit.fault("must be in " + json::serialize(said));
  } else if (keyword == "const") {
    if (value != said) visit.fault("must be " + json::serialize(said));
  } else if (keyword == "pattern") {
    const auto* text = value.if_string();
    if (text != nullptr && !matches(said.as_string(), *text)) visit.fault("must be like " + json::serialize(said));
  } else {
    return false;
  }
  return true;
}

bool JsonSchema::check_size(std::string_view keyword, const json::value& said, Visit& visit) {
  const json::value& value = visit.value;
  const bool least = keyword.substr(0, 3) == "min";
  if (!least && keyword.substr(0, 3) != "max") return false;
  const std::string_view of = keyword.substr(3);
  double size = 0;
  if (of == "imum") {
    if (!value.is_number()) return true;
    size = value.to_number<double>();
  } else if (of == "Length") {
    if (!value.is_string()) return true;
    size = static_cast<double>(characters(value.get_string()));
  } else if (of == "Items") {
    if (!value.is_array()) return true;
    size = static_cast<double>(value.get_array().size());
  } else if (of == "Properties") {
    if (!value.is_object()) return true;
    size = static_cast<double>(value.get_object().size());
  } else {
    return false;
  }
  const auto bound = said.to_number<double>();
  if (least ? size < bound : size > bound) visit.fault("breaks " + std::string(keyword) + " " + json::serialize(said));
  return true;
}

bool JsonSchema::check_members(std::string_view keyword, const json::value& said, const json::object& schema,
                               Visit& visit) {
  const auto* object = visit.value.if_object();
  const auto* list = visit.value.if_array();
  if (keyword == "properties") {
    for (const auto& [name, rule] : said.as_object()) {
      const auto* member = object != nullptr ? object->if_contains(name) : nullptr;
      if (member != nullptr) check_member(rule, name, *member, visit);
    }
  } else if (keyword == "required") {
    for (const json::value& name : said.as_array()) {
      if (object != nullptr && !object->contains(name.as_string())) visit.fault("lacks " + json::serialize(name));
    }
  } else if (keyword == "additionalProperties") {
    const auto* known = schema.if_contains("properties");
    for (const auto& [name, member] : object != nullptr ? *object : json::object()) {
      if (known != nullptr && known->as_object().contains(name)) continue;
      if (said == json::value(false)) {
        visit.fault("has an unknown member " + std::string(name));
      } else {
        check_member(said, name, member, visit);
      }
    }
  } else if (keyword == "propertyNames") {
    for (const auto& [name, member] : object != nullptr ? *object : json::object()) {
      const json::value text(name);
      Visit one{text, visit.where + "/" + std::string(name)};
      check(said.as_object(), one);
      visit.faults.insert(visit.faults.end(), one.faults.begin(), one.faults.end());
    }
  } else if (keyword == "items") {
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      check_member(said, std::to_string(i), (*list)[i], visit);
    }
  } else if (keyword == "uniqueItems") {
    if (list != nullptr && said.as_bool() && has_doubles(*list)) visit.fault("must not hold anything twice");
  } else {
    return false;
  }
  return true;
}

bool JsonSchema::check_others(std::string_view keyword, const json::value& said, const json::object& schema,
                              Visit& visit) {
  if (keyword == "$ref") {
    check(resolved(document_, json::value(schema)), visit);
  } else if (keyword == "allOf") {
    for (const json::value& one : said.as_array()) passes(one, visit, true);
  } else if (keyword == "anyOf" || keyword == "oneOf") {
    std::size_t count = 0;
    for (const json::value& one : said.as_array()) count += passes(one, visit, false) ? 1 : 0;
    if (count == 0 || (count > 1 && keyword == "oneOf")) {
      visit.fault("fits " + std::to_string(count) + " of " + std::string(keyword) + ": " +
                  json::serialize(visit.value));
    }
  } else if (keyword == "not") {
    if (passes(said, visit, false)) visit.fault("must not be " + json::serialize(said));
  } else if (keyword == "if") {
    if (passes(said, visit, false)) passes(schema.at("then"), visit, true);
  } else {
    return false;
  }
  return true;
}

bool JsonSchema::passes(const json::value& schema, Visit& visit, bool keep) {
  Visit other{visit.value, visit.where};
  check(schema.as_object(), other);
  const bool fine = other.faults.empty();
  if (keep) visit.faults.insert(visit.faults.end(), other.faults.begin(), other.faults.end());
  if (keep || fine) visit.seen.insert(other.seen.begin(), other.seen.end());
  return fine;
}

void JsonSchema::check_member(const json::value& schema, std::string_view name, const json::value& member,
                              Visit& visit) {
  visit.seen.emplace(name);
  Visit one{member, visit.where + "/" + std::string(name)};
  check(schema.as_object(), one);
  visit.faults.insert(visit.faults.end(), one.faults.begin(), one.faults.end());
}

bool JsonSchema::matches(std::string_view pattern, std::string_view text) {
  auto known = patterns_.find(pattern);
  if (known == patterns_.end()) known = patterns_.emplace(pattern, std::regex(std::string(pattern))).first;
  return std::regex_search(text.begin(), text.end(), known->second);
}

}  // namespace taskd::testing
