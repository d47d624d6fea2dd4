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

}  // namespace

void mask_config(std::string_view type, json::object& config) {
  if (!calls(type)) return;
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

}  // namespace taskd
