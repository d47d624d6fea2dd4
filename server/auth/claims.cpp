// Claims: see claims.hpp.
#include "auth/claims.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "text/utf8.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::Errc;
using taskcore::Error;
using taskcore::fail;
using taskcore::Result;

namespace {

constexpr std::size_t kMaxUser = 256;

Error bad(std::string why) { return fail(Errc::invalid, std::move(why)); }

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

bool is_text(const json::value& value, std::string_view wanted) {
  const json::string* text = value.if_string();
  return text != nullptr && std::string_view(text->data(), text->size()) == wanted;
}

bool audience_has(const json::object& claims, std::string_view wanted) {
  const json::value* aud = claims.if_contains("aud");
  if (aud == nullptr) return false;
  const json::array* list = aud->if_array();
  if (list == nullptr) return is_text(*aud, wanted);
  return std::any_of(list->begin(), list->end(), [&](const json::value& item) { return is_text(item, wanted); });
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

Result<Grant> read_claims(const json::object& claims, std::string_view issuer, std::string_view audience) {
  const json::value* exp = claims.if_contains("exp");
  const auto expires = exp == nullptr ? std::nullopt : date_member(*exp);
  if (!expires) return bad("the token has no expiry (exp)");
  const json::value* nbf = claims.if_contains("nbf");
  const auto begins = nbf == nullptr ? std::optional(0.0) : date_member(*nbf);
  if (!begins) return bad("the token's begin (nbf) is not a number");
  const json::value* iss = claims.if_contains("iss");
  if (!issuer.empty() && (iss == nullptr || !is_text(*iss, issuer))) return bad("the token is from another issuer");
  if (!audience.empty() && !audience_has(claims, audience)) return bad("the token is for another audience");
  const json::string* id = string_member(claims, "jti");
  // An id of another type could not be found in a list of texts.
  if (id == nullptr && claims.contains("jti")) return bad("the token's id (jti) is not a string");
  auto identity = identity_of(claims);
  if (!identity) return identity.error();
  return Grant{std::move(*identity), *begins, *expires,
               id == nullptr ? std::string() : std::string(id->data(), id->size())};
}

}  // namespace taskd
