#include "api/masked.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

namespace taskd {

namespace json = boost::json;

namespace {

constexpr std::string_view kMask = "***";

json::object* object_in(json::object& object, std::string_view name) {
  auto* value = object.if_contains(name);
  return value != nullptr ? value->if_object() : nullptr;
}

bool is_authorization(std::string_view name) {
  constexpr std::string_view kName = "authorization";
  return std::equal(name.begin(), name.end(), kName.begin(), kName.end(),
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
      if (is_authorization(header.key())) visit("header", header.value());
    }
  }
}

bool calls(std::string_view type) { return type == "api_call" || type == "webhook"; }

void mask_config(json::object& config) {
  for_each_secret(config, [](const std::string&, json::value& value) {
    const auto* text = value.if_string();
    if (text == nullptr || std::string_view(*text).find("${secret.") == std::string_view::npos) value = kMask;
  });
}

void unmask_config(const taskcore::TaskConfig& stored, taskcore::TaskConfig& sent) {
  if (!calls(sent.type) || sent.type != stored.type) return;
  json::object known = stored.values;
  for_each_secret(sent.values, [&](const std::string& place, json::value& value) {
    if (value != json::value(kMask)) return;
    for_each_secret(known, [&](const std::string& other, const json::value& was) {
      if (place == other) value = was;
    });
  });
}

void mask_notification(json::value& one) {
  auto* object = one.if_object();
  auto* webhook = object != nullptr ? object_in(*object, "webhook") : nullptr;
  if (webhook != nullptr) mask_config(*webhook);
}

}  // namespace

void mask_secrets(json::object& task) {
  const auto* type = task.at("type").if_string();
  if (auto* config = object_in(task, "config"); config != nullptr && type != nullptr && calls(*type))
    mask_config(*config);
  auto* notify = object_in(task, "notify");
  if (notify == nullptr) return;
  for (auto& kind : *notify) {
    mask_notification(kind.value());
    if (auto* several = kind.value().if_array()) {
      for (auto& one : *several) mask_notification(one);
    }
  }
}

void unmask_secrets(const taskcore::TaskSpec& stored, taskcore::TaskSpec& sent) {
  unmask_config(stored.config, sent.config);
  const std::size_t both = std::min(stored.notify.size(), sent.notify.size());
  for (std::size_t i = 0; i < both; ++i) {
    if (stored.notify[i].on == sent.notify[i].on) unmask_config(stored.notify[i].call, sent.notify[i].call);
  }
}

}  // namespace taskd
