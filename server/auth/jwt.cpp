// Jwt: see jwt.hpp.
#include "auth/jwt.hpp"

#include <openssl/rand.h>

#include <boost/json.hpp>
#include <stdexcept>
#include <utility>

#include "auth/base64url.hpp"
#include "auth/hmac.hpp"
#include "http/strict_json.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::Errc;
using taskcore::Error;
using taskcore::fail;
using taskcore::Result;

namespace {

constexpr std::size_t kMaxToken = 8 * 1024;
constexpr std::size_t kMaxKnown = 1000;

Error bad(std::string why) { return fail(Errc::invalid, std::move(why)); }

/// The three parts of a token, and what the signature is of.
struct Parts {
  std::string_view header;
  std::string_view claims;
  std::string_view signature;
  std::string_view signed_text;
};

std::optional<Parts> split(std::string_view token) {
  const std::size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1),
               token.substr(0, second)};
}

/// One part of a token as a JSON object.
std::optional<json::object> object_part(std::string_view text) {
  const auto bytes = base64url_decode(text);
  if (!bytes) return std::nullopt;
  auto value = parse_strict_json(*bytes);
  if (!value || !value->is_object()) return std::nullopt;
  return std::move(value->get_object());
}

/// A string of the header. None when it is missing; empty when it is no string, which is no algorithm and no key's id.
std::optional<std::string_view> header_text(const json::object& header, json::string_view name) {
  const json::value* value = header.if_contains(name);
  if (value == nullptr) return std::nullopt;
  const json::string* text = value->if_string();
  return text == nullptr ? std::string_view{} : std::string_view(text->data(), text->size());
}

/// The header only chooses among the keys that are configured: `jku`, `jwk`, `x5u` and `x5c`, by which it could bring a
/// key of its own, are not looked at.
bool is_signed(const Parts& parts, const json::object& header, const KeySet& keys,
               const std::function<void()>& on_unknown_key) {
  const auto algorithm = parse_algorithm(header_text(header, "alg").value_or(""));
  const auto id = header_text(header, "kid");
  if (!algorithm || (id && !header.at("kid").is_string())) return false;
  const VerifyKey* key = keys.choose(id, *algorithm);
  if (key == nullptr && on_unknown_key) on_unknown_key();
  if (key == nullptr) return false;
  const auto signature = base64url_decode(parts.signature);
  return signature && key->verify(*algorithm, parts.signed_text, *signature);
}

JwtPolicy with_keys(JwtPolicy policy) {
  if (!policy.keys) policy.keys = fixed_key({policy.secret, {}, {}});
  return policy;
}

std::string random_id() {
  std::string bytes(16, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) != 1) {
    throw std::runtime_error("cannot get random bytes for the token's id");
  }
  return base64url_encode(bytes);
}

}  // namespace

Jwt::Jwt(JwtPolicy policy) : policy_(with_keys(std::move(policy))) {}

std::string Jwt::sign(const Identity& identity, Seconds issued, Seconds expires) const {
  json::object claims;
  claims["sub"] = identity.user;
  claims["role"] = to_string(identity.role);
  claims["iat"] = issued.time_since_epoch().count();
  claims["exp"] = expires.time_since_epoch().count();
  claims["jti"] = random_id();
  if (!policy_.issuer.empty()) claims["iss"] = policy_.issuer;
  if (!policy_.audience.empty()) claims["aud"] = policy_.audience;
  std::string token =
      base64url_encode(R"({"alg":"HS256","typ":"JWT"})") + "." + base64url_encode(json::serialize(claims));
  token += "." + base64url_encode(hmac(Algorithm::hs256, policy_.secret.bytes(), token));
  return token;
}

Result<Grant> Jwt::read(std::string_view token, const KeySet& keys) const {
  if (token.size() > kMaxToken) return bad("the token is too long");
  const auto parts = split(token);
  if (!parts) return bad("the token is not of the form header.claims.signature");
  // The signature first. Of a token that is not ours only the header is read, and whatever is wrong with that is told
  // as a wrong signature.
  const auto header = object_part(parts->header);
  if (!header || !is_signed(*parts, *header, keys, policy_.on_unknown_key)) {
    return bad("the token's signature is wrong");
  }
  if (header->contains("crit")) return bad("the token demands an extension that is not known here");
  const auto claims = object_part(parts->claims);
  if (!claims) return bad("the token's claims are not a JSON object");
  return read_claims(*claims, policy_.issuer, policy_.audience);
}

std::optional<Grant> Jwt::recall(const std::string& token, const Keys& keys) const {
  const std::lock_guard lock(mutex_);
  if (known_by_ != keys) {
    known_.clear();
    known_by_ = keys;
  }
  const auto it = known_.find(token);
  return it == known_.end() ? std::nullopt : std::optional(it->second);
}

void Jwt::remember(std::string token, const Grant& grant, const Keys& keys) const {
  const std::lock_guard lock(mutex_);
  if (known_by_ != keys) return;
  if (known_.size() >= kMaxKnown) known_.clear();
  known_.emplace(std::move(token), grant);
}

Result<Identity> Jwt::check(std::string_view token, Seconds now) const {
  std::string text(token);
  const Keys keys = policy_.keys();
  auto grant = recall(text, keys);
  const bool known = grant.has_value();
  if (!known) {
    auto fresh = read(token, *keys);
    if (!fresh) return fresh.error();
    grant = std::move(*fresh);
  }
  const auto at = static_cast<double>(now.time_since_epoch().count());
  const auto leeway = static_cast<double>(policy_.leeway.count());
  if (at >= grant->expires + leeway) return bad("the token has expired");
  if (at < grant->not_before - leeway) return bad("the token is not valid yet");
  if (policy_.denied && policy_.denied()->contains(grant->id)) return bad("the token has been taken back");
  if (!known) remember(std::move(text), *grant, keys);
  return std::move(grant->identity);
}

bool Jwt::knows(std::string_view token) const noexcept {
  try {
    return recall(std::string(token), policy_.keys()).has_value();
  } catch (const std::exception&) {
    return false;
  }
}

Result<Identity> Jwt::verify(std::string_view token, Seconds now) const {
  try {
    return check(token, now);
  } catch (const std::exception&) {
    return bad("the token cannot be checked now");
  }
}

}  // namespace taskd
