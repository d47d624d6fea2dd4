// Filling: see fill.hpp.
#include "model/fill.hpp"

#include <boost/json/array.hpp>
#include <charconv>

#include "model/faults.hpp"
#include "model/json_text.hpp"
#include "model/placeholders.hpp"
#include "model/quote.hpp"

namespace taskcore {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxFilledBytes = 1024 * 1024;
constexpr std::size_t kKeysShown = 10;
constexpr std::string_view kParams = "/config/params";
constexpr std::string_view kBelowParams = "/config/params/";

std::string describe(const json::value& value) {
  if (const auto* array = value.if_array()) return "is a list of " + std::to_string(array->size());
  const auto* object = value.if_object();
  if (object == nullptr)
    return value.is_null() ? "is null" : value.is_string() ? "is a text" : "is " + plain_text(value);
  if (object->empty()) return "is an empty object";
  std::string out;
  std::size_t shown = 0;
  for (const auto& member : *object) {
    if (++shown > kKeysShown) return out + " and " + std::to_string(object->size() - kKeysShown) + " more";
    out += (out.empty() ? "has " : ", ") + in_quotes(member.key());
  }
  return out;
}

const json::value* find_part(const json::value& value, std::string_view part) {
  if (const auto* object = value.if_object()) return object->if_contains(part);
  const auto* array = value.if_array();
  if (array == nullptr) return nullptr;
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
  return error == std::errc{} && end == part.data() + part.size() ? array->if_contains(index) : nullptr;
}

/// A text of the configuration at a time. Each step is false after the first error, which ends it all.
class Filler {
 public:
  Filler(const FillSources& sources, FilledConfig& out) : sources_(sources), out_(out) {}

  bool fill(json::value& value, const std::string& pointer) {
    if (auto* text = value.if_string()) return !has_placeholders(std::string_view(*text)) || fill_text(value, pointer);
    if (auto* object = value.if_object()) return fill(*object, pointer);
    auto* array = value.if_array();
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
      if (!fill((*array)[i], pointer_to(pointer, i))) return false;
    }
    return true;
  }

  bool fill(json::object& object, const std::string& pointer) {
    for (auto& member : object) {
      if (!fill(member.value(), pointer_to(pointer, member.key()))) return false;
    }
    return true;
  }

  bool failed(const char* code, const std::string& pointer, const std::string& detail) {
    out_.error = RunError{code, pointer + ": " + detail, false, json::object{{"pointer", pointer}}};
    return false;
  }

 private:
  bool fill_text(json::value& to, const std::string& pointer) {
    const auto pieces = read_pieces(to.get_string(), sources_.ids);
    if (!pieces) {
      const bool gone = pieces.error().code == Errc::not_found;  // a dependency that the task has no more
      return failed(gone ? "missing_value" : "invalid_config", pointer, pieces.error().detail);
    }
    std::string text;
    for (const Piece& piece : *pieces) {
      const auto* placeholder = std::get_if<Placeholder>(&piece);
      if (placeholder == nullptr) {
        text += std::get<std::string_view>(piece);
        continue;
      }
      auto value = value_of(*placeholder, pointer);
      if (!value) return false;
      const std::string plain = plain_text(*value);
      filled_bytes_ += plain.size();  // a few placeholders may stand for more than there is memory
      if (filled_bytes_ > kMaxFilledBytes) return failed("config_too_large", pointer, "takes more than 1 MiB");
      if (pieces->size() == 1) return to = std::move(*value), true;
      text += plain;
    }
    to = text;
    return true;
  }

  std::optional<json::value> value_of(const Placeholder& one, const std::string& pointer) {
    if (one.source == Placeholder::Source::secret) return secret(one.name, pointer);
    std::string where = "params";
    const json::value* value = &sources_.params;
    if (one.source == Placeholder::Source::dependency) {
      where = "dependencies." + std::string(one.name);
      value = sources_.dependencies.if_contains(one.name);
    }
    if (value == &sources_.params) {
      out_.from_params = true;
      out_.params_from_params |= pointer == kParams || pointer.starts_with(kBelowParams);
    } else {
      out_.from_dependencies = true;
    }
    if (value == nullptr) return missing(one, pointer, "'" + std::string(one.name) + "' has no completed run");
    for (const std::string_view part : one.path) {
      const json::value* next = find_part(*value, part);
      if (next == nullptr) return missing(one, pointer, where + " " + describe(*value));
      value = next;
      where += "." + std::string(part);
    }
    return *value;
  }

  std::optional<json::value> secret(std::string_view name, const std::string& pointer) {
    auto value = sources_.secrets ? sources_.secrets(name) : std::nullopt;
    if (!value) {
      failed("missing_secret", pointer, "there is no secret '" + std::string(name) + "'");
      return std::nullopt;
    }
    out_.secrets.push_back(*value);
    return json::value(std::move(*value));
  }

  std::nullopt_t missing(const Placeholder& one, const std::string& pointer, const std::string& instead) {
    failed("missing_value", pointer, quoted(one.text) + " is missing: " + instead);
    return std::nullopt;
  }

  const FillSources& sources_;
  FilledConfig& out_;
  std::size_t filled_bytes_ = 0;
};

}  // namespace

FilledConfig fill(const json::object& config, const FillSources& sources) {
  FilledConfig out;
  json::object values = config;
  Filler filler(sources, out);
  if (filler.fill(values, "/config") && is_longer_than(values, kMaxFilledBytes))
    filler.failed("config_too_large", "/config", "is larger than 1 MiB with all that was filled in");
  out.values = std::move(values);
  return out;
}

FilledList fill_list(const json::value& for_each, std::size_t most, const FillSources& sources) {
  constexpr const char* kWhere = "/forEach";
  FilledList out;
  FilledConfig filled;
  json::value list = for_each;
  Filler filler(sources, filled);
  if (list.is_string() && !filler.fill(list, kWhere)) {
    out.error = std::move(filled.error);
    return out;
  }
  auto* items = list.if_array();
  if (items != nullptr && items->size() <= most) {
    out.items = std::move(*items);
    return out;
  }
  filler.failed("invalid_config", kWhere,
                items == nullptr ? "must give a list, but it " + describe(list)
                                 : describe(list) + ", of which at most " + std::to_string(most) + " may be run");
  out.error = std::move(filled.error);
  return out;
}

}  // namespace taskcore
