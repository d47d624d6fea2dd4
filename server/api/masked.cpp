#include "api/masked.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>

namespace taskd {

namespace json = boost::json;

namespace {

constexpr std::string_view kMask = "***";

json::object* object_in(json::object& object, std::string_view name) {
  auto* value = object.if_contains(name);
  return value != nullptr ? value->if_object() : nullptr;
}

/// In capitals or not; `small` has none.
bool is_word(std::string_view text, std::string_view small) {
  return std::equal(text.begin(), text.end(), small.begin(), small.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

/// Calls `visit` with each value that is a secret, under a name for its place.
template <class F>
void for_each_secret(json::object& config, const F& visit) {
  if (auto* secret = config.if_contains("secret")) {
    if (auto* several = secret->if_array()) {
      for (std::size_t i = 0; i < several->size(); ++i) visit("secret/" + std::to_string(i), (*several)[i]);
    } else {
      visit("secret", *secret);
    }
  }
  if (auto* auth = object_in(config, "auth")) {
    if (auto* bearer = auth->if_contains("bearer")) visit("bearer", *bearer);
    auto* basic = object_in(*auth, "basic");
    auto* password = basic != nullptr ? basic->if_contains("password") : nullptr;
    if (password != nullptr) visit("password", *password);
  }
  if (auto* headers = object_in(config, "headers")) {
    for (auto& header : *headers) {
      if (is_word(header.key(), "authorization")) visit("header", header.value());
    }
  }
}

bool calls(std::string_view type) { return type == "api_call" || type == "webhook"; }

/// Leaves out the placeholder that `text` begins with; false when it begins with none. What is stored has only
/// placeholders that can be read.
bool skip_placeholder(std::string_view& text) {
  constexpr std::array<std::string_view, 4> kOpen{"${secret.", "${params.", "${dependencies.", "${params}"};
  if (std::none_of(kOpen.begin(), kOpen.end(), [&](auto open) { return text.starts_with(open); })) return false;
  const auto end = text.find('}');
  if (end == text.npos) return false;
  text.remove_prefix(end + 1);
  return true;
}

/// Placeholders alone, or after the word of an Authorization header, say where the secret comes from, not what it is.
/// Any other text beside them may be one.
bool is_from_elsewhere(std::string_view text) {
  constexpr std::array<std::string_view, 3> kSchemes{"bearer", "basic", "token"};
  const std::string_view word = text.substr(0, text.find(' '));
  const bool has_scheme = std::any_of(kSchemes.begin(), kSchemes.end(), [&](auto one) { return is_word(word, one); });
  if (has_scheme && word.size() < text.size()) text.remove_prefix(word.size() + 1);
  if (text.empty()) return false;
  while (!text.empty()) {
    if (!skip_placeholder(text)) return false;
  }
  return true;
}

void mask_config(json::object& config) {
  for_each_secret(config, [](const std::string&, json::value& value) {
    const auto* text = value.if_string();
    if (text == nullptr || !is_from_elsewhere(*text)) value = kMask;
  });
}

const json::value& url_of(const json::object& config) {
  static const json::value none;
  const auto* url = config.if_contains("url");
  return url != nullptr ? *url : none;
}

std::size_t count_secrets(const json::object& config) {
  const auto* several = config.if_contains("secret");
  return several != nullptr && several->is_array() ? several->get_array().size() : 0;
}

/// A patch may leave the URL and the list of secrets out: then they stay.
void unmask_config(json::object stored, json::object& sent) {
  if (sent.contains("url") && url_of(sent) != url_of(stored)) return;
  const bool list_changed = sent.contains("secret") && count_secrets(sent) != count_secrets(stored);
  for_each_secret(sent, [&](const std::string& place, json::value& value) {
    if (value != json::value(kMask) || (list_changed && place.starts_with("secret"))) return;
    for_each_secret(stored, [&](const std::string& other, const json::value& was) {
      if (place == other) value = was;
    });
  });
}

/// Calls `visit` with the configuration of each webhook that is told.
template <class F>
void for_each_webhook(json::object& task, const F& visit) {
  auto* notify = object_in(task, "notify");
  if (notify == nullptr) return;
  const auto one = [&](json::value& value) {
    auto* object = value.if_object();
    if (auto* webhook = object != nullptr ? object_in(*object, "webhook") : nullptr) visit(*webhook);
  };
  for (auto& kind : *notify) {
    one(kind.value());
    if (auto* several = kind.value().if_array()) std::for_each(several->begin(), several->end(), one);
  }
}

bool has_mask(json::object config) {
  bool found = false;
  for_each_secret(config, [&](const std::string&, const json::value& value) { found |= value == json::value(kMask); });
  return found;
}

}  // namespace

void mask_secrets(taskcore::TaskSpec& task) {
  if (calls(task.config.type)) mask_config(task.config.values);
  for (auto& one : task.notify) {
    if (one.call.type == "webhook") mask_config(one.call.values);
  }
}

void unmask_secrets(const json::object& stored, json::object& sent) {
  json::object known = stored;
  const json::value type = sent.contains("type") ? sent.at("type") : known.at("type");
  auto* config = object_in(sent, "config");
  if (config != nullptr && type == known.at("type") && type.is_string() && calls(type.get_string())) {
    unmask_config(known.at("config").get_object(), *config);
  }
  for_each_webhook(sent, [&](json::object& webhook) {
    for_each_webhook(known, [&](const json::object& was) {
      if (webhook.contains("url") && url_of(webhook) == url_of(was)) unmask_config(was, webhook);
    });
  });
}

std::optional<Problem> masked_problem(const taskcore::TaskSpec& spec) {
  constexpr const char* kAdvice = "holds a secret as \"***\"; write the secret itself, or ${secret.NAME}";
  if (calls(spec.config.type) && has_mask(spec.config.values)) return field_problem("/config", kAdvice);
  for (const auto& one : spec.notify) {
    if (one.task.empty() && one.call.type != "webhook") return field_problem("/notify", "must tell by webhook or task");
    if (has_mask(one.call.values)) return field_problem("/notify", kAdvice);
  }
  return std::nullopt;
}

}  // namespace taskd
