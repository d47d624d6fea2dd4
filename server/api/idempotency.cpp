// Idempotency-Key: see idempotency.hpp.
#include "api/idempotency.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace taskd {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxKey = 255;

bool is_key(std::string_view text) {
  return !text.empty() && text.size() <= kMaxKey &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

/// Who asks for what: each part with its length before it, so that no two calls have one scope.
std::string scope_of(const Request& request, std::string_view key) {
  std::string scope;
  const auto add = [&scope](std::string_view part) {
    scope += std::to_string(part.size());
    scope += ':';
    scope += part;
  };
  add(request.identity ? request.identity->user : "");
  add(to_string(request.method));
  add(request.path);
  for (const auto& [name, value] : request.query.items()) {
    add(name);
    add(value);
  }
  add(key);
  return scope;
}

}  // namespace

Outcome<std::optional<taskcore::Idempotency>> idempotency_of(const Request& request) {
  const auto key = request.headers.get("Idempotency-Key");
  if (!key || request.method != Method::post) return std::optional<taskcore::Idempotency>();
  if (!is_key(*key) || request.headers.count("Idempotency-Key") > 1) {
    return make_problem(400, "Header \"Idempotency-Key\" must be one key of 1 to 255 visible ASCII characters.");
  }
  taskcore::Idempotency out;
  out.scope = scope_of(request, *key);
  out.body = request.body;
  return std::optional(std::move(out));
}

std::string pack(const Response& response) {
  json::array headers;
  for (std::size_t i = 0; i < response.headers.size(); ++i) {
    headers.push_back(json::array{response.headers.name(i), response.headers.value(i)});
  }
  return json::serialize(
      json::object{{"status", response.status}, {"headers", std::move(headers)}, {"body", response.body}});
}

Response unpack(std::string_view text) {
  Response response;
  try {
    const json::value stored = json::parse(text);
    response.status = stored.at("status").to_number<int>();
    for (const json::value& header : stored.at("headers").as_array()) {
      response.headers.add(std::string_view(header.at(0).as_string()), std::string_view(header.at(1).as_string()));
    }
    response.body = std::string_view(stored.at("body").as_string());
  } catch (const std::exception&) {
    return to_response(make_problem(500, "The first answer cannot be read any more."), "");
  }
  return response;
}

bool InFlight::enter(const std::string& scope) {
  const std::lock_guard lock(mutex_);
  return scopes_.insert(scope).second;
}

void InFlight::leave(const std::string& scope) {
  const std::lock_guard lock(mutex_);
  scopes_.erase(scope);
}

}  // namespace taskd
