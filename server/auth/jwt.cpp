// Jwt: see jwt.hpp.
#include "auth/jwt.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <boost/json.hpp>
#include <cmath>

#include "auth/base64url.hpp"
#include "http/strict_json.hpp"
#include "text/utf8.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::Errc;
using taskcore::Error;
using taskcore::fail;
using taskcore::Result;

namespace {

constexpr std::size_t kMaxToken = 8 * 1024;
constexpr std::size_t kMaxUser = 256;
constexpr std::size_t kMaxKnown = 1000;

Error bad(std::string why) { return fail(Errc::invalid, std::move(why)); }

/// One part of a token as a JSON object.
std::optional<json::object> object_part(std::string_view text) {
  const auto bytes = base64url_decode(text);
  if (!bytes) return std::nullopt;
  auto value = parse_strict_json(*bytes);
  if (!value || !value->is_object()) return std::nullopt;
  return std::move(value->get_object());
}

const json::string* string_member(const json::object& object, json::string_view name) {
  const json::value* value = object.if_contains(name);
  return value == nullptr ? nullptr : value->if_string();
}

/// A NumericDate; none when it is not a number. RFC 7519 allows fractions.
std::optional<double> date_member(const json::value& value) {
  if (!value.is_number()) return std::nullopt;
  const double seconds = value.to_number<double>();
  return std::isfinite(seconds) ? std::optional(seconds) : std::nullopt;
}

bool audience_has(const json::object& claims, std::string_view wanted) {
  const json::value* aud = claims.if_contains("aud");
  if (aud == nullptr) return false;
  const auto is_wanted = [&](const json::value& value) {
    const json::string* text = value.if_string();
    return text != nullptr && std::string_view(text->data(), text->size()) == wanted;
  };
  if (const json::array* list = aud->if_array()) {
    for (const json::value& item : *list) {
      if (is_wanted(item)) return true;
    }
    return false;
  }
  return is_wanted(*aud);
}

Result<Identity> identity_of(const json::object& claims) {
  const json::string* sub = string_member(claims, "sub");
  if (sub == nullptr || sub->empty() || sub->size() > kMaxUser) return bad("the token names no user (sub)");
  Identity identity;
  identity.user.assign(sub->data(), sub->size());
  if (has_control_character(identity.user)) return bad("the token's user (sub) holds a control character");
  const json::string* text = string_member(claims, "role");
  const auto role = text == nullptr ? std::nullopt : parse_role({text->data(), text->size()});
  if (!role) return bad("the token has no known role");
  identity.role = *role;
  return identity;
}

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::string mac(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), reinterpret_cast<unsigned char*>(mac.data()), &size);
  mac.resize(size);
  return mac;
}

std::string Jwt::sign(const Identity& identity, Seconds issued, Seconds expires) const {
  json::object claims;
  claims["sub"] = identity.user;
  claims["role"] = to_string(identity.role);
  claims["iat"] = issued.time_since_epoch().count();
  claims["exp"] = expires.time_since_epoch().count();
  if (!policy_.issuer.empty()) claims["iss"] = policy_.issuer;
  if (!policy_.audience.empty()) claims["aud"] = policy_.audience;
  std::string token =
      base64url_encode(R"({"alg":"HS256","typ":"JWT"})") + "." + base64url_encode(json::serialize(claims));
  token += "." + base64url_encode(hmac_sha256(policy_.secret.bytes(), token));
  return token;
}

Result<Jwt::Grant> Jwt::read(std::string_view token) const {
  if (token.size() > kMaxToken) return bad("the token is too long");
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
    return bad("the token is not of the form header.claims.signature");
  }
  // The signature first: nothing is read from a token that is not ours.
  const auto signature = base64url_decode(token.substr(second + 1));
  const std::string expected = hmac_sha256(policy_.secret.bytes(), token.substr(0, second));
  if (!signature || signature->size() != expected.size() ||
      CRYPTO_memcmp(signature->data(), expected.data(), expected.size()) != 0) {
    return bad("the token's signature is wrong");
  }
  const auto header = object_part(token.substr(0, first));
  const json::string* algorithm = header ? string_member(*header, "alg") : nullptr;
  if (algorithm == nullptr || *algorithm != "HS256") return bad("the token's algorithm is not HS256");
  if (header->contains("crit")) return bad("the token demands an extension that is not known here");

  const auto claims = object_part(token.substr(first + 1, second - first - 1));
  if (!claims) return bad("the token's claims are not a JSON object");
  const json::value* exp = claims->if_contains("exp");
  const auto expires = exp == nullptr ? std::nullopt : date_member(*exp);
  if (!expires) return bad("the token has no expiry (exp)");
  const json::value* nbf = claims->if_contains("nbf");
  const auto begins = nbf == nullptr ? std::optional(0.0) : date_member(*nbf);
  if (!begins) return bad("the token's begin (nbf) is not a number");
  if (!policy_.issuer.empty()) {
    const json::string* issuer = string_member(*claims, "iss");
    if (issuer == nullptr || *issuer != policy_.issuer) return bad("the token is from another issuer");
  }
  if (!policy_.audience.empty() && !audience_has(*claims, policy_.audience)) {
    return bad("the token is for another audience");
  }
  auto identity = identity_of(*claims);
  if (!identity) return identity.error();
  return Grant{std::move(*identity), *begins, *expires};
}

std::optional<Jwt::Grant> Jwt::recall(const std::string& token) const {
  const std::lock_guard lock(mutex_);
  const auto it = known_.find(token);
  return it == known_.end() ? std::nullopt : std::optional(it->second);
}

void Jwt::remember(std::string token, const Grant& grant) const {
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kMaxKnown) known_.clear();
  known_.emplace(std::move(token), grant);
}

Result<Identity> Jwt::verify(std::string_view token, Seconds now) const {
  std::string text(token);
  auto grant = recall(text);
  const bool known = grant.has_value();
  if (!known) {
    auto fresh = read(token);
    if (!fresh) return fresh.error();
    grant = std::move(*fresh);
  }
  const auto at = static_cast<double>(now.time_since_epoch().count());
  const auto leeway = static_cast<double>(policy_.leeway.count());
  if (at >= grant->expires + leeway) return bad("the token has expired");
  if (at < grant->not_before - leeway) return bad("the token is not valid yet");
  if (!known) remember(std::move(text), *grant);
  return std::move(grant->identity);
}

}  // namespace taskd
