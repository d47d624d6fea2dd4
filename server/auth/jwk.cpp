// One JSON Web Key: see jwk.hpp.
#include "auth/jwk.hpp"

#include <algorithm>
#include <utility>

#include "auth/base64url.hpp"
#include "auth/public_key_parts.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::Errc;
using taskcore::Error;
using taskcore::fail;
using taskcore::Result;

namespace {

using Material = Result<std::optional<VerifyKey::Material>>;

Error bad(std::string_view name, const std::string& what) {
  return fail(Errc::invalid, "its \"" + std::string(name) + "\" " + what);
}

/// A member that may be missing, and is text where it is not.
Result<std::optional<std::string>> optional_text(const json::object& jwk, std::string_view name) {
  const json::value* value = jwk.if_contains(name);
  if (value == nullptr) return std::optional<std::string>();
  const json::string* text = value->if_string();
  if (text == nullptr) return bad(name, "must be a string");
  return std::optional<std::string>(std::in_place, text->data(), text->size());
}

Result<std::string> text_of(const json::object& jwk, std::string_view name) {
  auto text = optional_text(jwk, name);
  if (!text) return text.error();
  if (!*text) return bad(name, "is missing");
  return std::move(**text);
}

Result<std::string> bytes_of(const json::object& jwk, std::string_view name) {
  auto text = text_of(jwk, name);
  if (!text) return text.error();
  auto bytes = base64url_decode(*text);
  if (!bytes) return bad(name, "is not base64url without padding");
  return std::move(*bytes);
}

Material wrap(Result<PublicKey> key) {
  if (!key) return key.error();
  return std::optional<VerifyKey::Material>(std::move(*key));
}

Material read_rsa(const json::object& jwk) {
  const auto modulus = bytes_of(jwk, "n");
  if (!modulus) return modulus.error();
  const auto exponent = bytes_of(jwk, "e");
  if (!exponent) return exponent.error();
  return wrap(rsa_public_key(*modulus, *exponent));
}

/// EC with x and y, or an octet key pair (OKP) with x alone.
Material read_curve(const json::object& jwk, bool has_y) {
  const auto curve = text_of(jwk, "crv");
  if (!curve) return curve.error();
  if (*curve != (has_y ? "P-256" : "Ed25519")) return std::optional<VerifyKey::Material>();
  const auto x = bytes_of(jwk, "x");
  if (!x) return x.error();
  if (!has_y) return wrap(ed25519_public_key(*x));
  const auto y = bytes_of(jwk, "y");
  if (!y) return y.error();
  return wrap(p256_public_key(*x, *y));
}

Material read_secret(const json::object& jwk) {
  auto bytes = bytes_of(jwk, "k");
  if (!bytes) return bytes.error();
  auto secret = make_secret(std::move(*bytes), "its \"k\"");
  if (!secret) return secret.error();
  return std::optional<VerifyKey::Material>(std::move(*secret));
}

Material read_material(const std::string& type, const json::object& jwk) {
  if (type == "RSA") return read_rsa(jwk);
  if (type == "EC") return read_curve(jwk, true);
  if (type == "OKP") return read_curve(jwk, false);
  if (type == "oct") return read_secret(jwk);
  return std::optional<VerifyKey::Material>();
}

/// `use` and `key_ops` are "sig" and hold "verify", where they are given.
bool is_for_checking(const json::object& jwk) {
  const json::value* use = jwk.if_contains("use");
  if (use != nullptr && *use != json::value("sig")) return false;
  const json::value* operations = jwk.if_contains("key_ops");
  if (operations == nullptr) return true;
  const json::array* list = operations->if_array();
  return list != nullptr && std::find(list->begin(), list->end(), json::value("verify")) != list->end();
}

}  // namespace

Result<std::optional<VerifyKey>> read_jwk(const json::object& jwk) {
  const auto type = text_of(jwk, "kty");
  if (!type) return type.error();
  auto id = optional_text(jwk, "kid");
  if (!id) return id.error();
  const auto name = optional_text(jwk, "alg");
  if (!name) return name.error();
  const auto algorithm = *name ? parse_algorithm(**name) : std::nullopt;
  if (!is_for_checking(jwk) || (*name && !algorithm)) return std::optional<VerifyKey>();

  auto material = read_material(*type, jwk);
  if (!material) return material.error();
  if (!*material) return std::optional<VerifyKey>();
  VerifyKey key{std::move(**material), std::move(*id), algorithm};
  if (algorithm && !key.takes(*algorithm)) return bad("alg", "is " + **name + ", which this key cannot do");
  return std::optional<VerifyKey>(std::move(key));
}

}  // namespace taskd
