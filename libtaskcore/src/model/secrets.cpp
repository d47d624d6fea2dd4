#include "model/secrets.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "model/text.hpp"

namespace taskcore {

namespace json = boost::json;

namespace {

constexpr std::string_view kOpen = "${secret.";
constexpr std::size_t kShortest = 4;
constexpr std::size_t kShortestLine = 8;
constexpr std::size_t kLongestName = 64;

/// Calls `change` with each text in `value`, keys excepted, in place.
template <class F>
void for_each_text(json::value& value, const F& change) {
  if (auto* text = value.if_string()) {
    change(*text);
  } else if (auto* array = value.if_array()) {
    for (auto& entry : *array) for_each_text(entry, change);
  } else if (auto* object = value.if_object()) {
    for (auto& member : *object) for_each_text(member.value(), change);
  }
}

struct Filler {
  const SecretSource& source;
  std::vector<std::string>& used;
  std::optional<std::string> missing{};  ///< The first.

  std::string operator()(std::string_view text) {
    std::string out;
    for (;;) {
      const auto at = text.find(kOpen);
      const auto end = at == text.npos ? text.npos : text.find('}', at);
      if (end == text.npos) return out += text;
      const std::string_view name = text.substr(at + kOpen.size(), end - at - kOpen.size());
      if (at > 0 && text[at - 1] == '$') {  // "$${": as it is, without the first
        out += text.substr(0, at - 1);
        out += text.substr(at, end + 1 - at);
      } else {
        out += text.substr(0, at);
        out += value_of(name);
      }
      text.remove_prefix(end + 1);
    }
  }

  std::string value_of(std::string_view name) {
    auto value = source && is_token(name, kLongestName) ? source(name) : std::nullopt;
    if (!value) {
      if (!missing) missing = name;
      return {};
    }
    used.push_back(*value);
    return std::move(*value);
  }
};

}  // namespace

bool asks_for_secrets(const json::value& value) {
  if (const auto* text = value.if_string()) return std::string_view(*text).find(kOpen) != std::string_view::npos;
  if (const auto* array = value.if_array()) return std::any_of(array->begin(), array->end(), asks_for_secrets);
  const auto* object = value.if_object();
  return object != nullptr && std::any_of(object->begin(), object->end(),
                                          [](const auto& member) { return asks_for_secrets(member.value()); });
}

Result<FilledConfig> fill_secrets(const json::object& config, const SecretSource& source) {
  FilledConfig out;
  json::value filled = config;
  Filler fill{source, out.secrets};
  for_each_text(filled, [&](json::string& text) { text = fill(text); });
  if (fill.missing) return fail(Errc::not_found, "there is no secret '" + *fill.missing + "'");
  out.config = std::move(filled.get_object());
  return out;
}

json::value never_filled(json::value value) {
  for_each_text(value, [](json::string& text) {
    std::string out(text);
    for (auto at = out.find(kOpen); at != std::string::npos && out.find('}', at) != std::string::npos;
         at = out.find(kOpen, at + kOpen.size() + 1)) {
      out.insert(at, 1, '$');
    }
    text = out;
  });
  return value;
}

Masks::Masks(const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) {
    if (secret.size() >= kShortest) texts_.push_back(secret);
    for (std::size_t at = 0; at < secret.size();) {
      const auto end = std::min(secret.find('\n', at), secret.size());
      const std::string line = secret.substr(at, end - at);
      if (line.size() >= kShortestLine && line.size() < secret.size()) texts_.push_back(line);
      at = end + 1;
    }
  }
  std::sort(texts_.begin(), texts_.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  texts_.erase(std::unique(texts_.begin(), texts_.end()), texts_.end());
}

std::string Masks::masked(std::string_view text) const {
  std::string out(text);
  for (const std::string& secret : texts_) {
    for (auto at = out.find(secret); at != std::string::npos; at = out.find(secret, at + 3)) {
      out.replace(at, secret.size(), "***");
    }
  }
  return out;
}

json::value Masks::masked_json(const json::value& value) const {
  if (const auto* text = value.if_string()) return json::value(masked(std::string_view(*text)));
  if (const auto* array = value.if_array()) {
    json::array out;
    for (const auto& entry : *array) out.push_back(masked_json(entry));
    return out;
  }
  if (const auto* object = value.if_object()) {
    json::object out;
    for (const auto& member : *object) out[masked(std::string_view(member.key()))] = masked_json(member.value());
    return out;
  }
  return value;
}

}  // namespace taskcore
