// See check_server.hpp: tokens.
#include <array>
#include <string>

#include "auth/base64url.hpp"
#include "auth/hmac.hpp"
#include "auth/jwk_set.hpp"
#include "auth/jwt.hpp"
#include "auth/public_key_pem.hpp"
#include "fuzz/check_server.hpp"
#include "fuzz/must.hpp"
#include "support/signing_key.hpp"
#include "text/utf8.hpp"

namespace taskcore::testing {

namespace {

using taskd::Jwt;
using taskd::JwtPolicy;
using taskd::KeySet;

const Jwt::Seconds kNow{std::chrono::seconds(1'800'000'000)};
const std::string kSecret(64, 'k');

JwtPolicy with_keys(taskd::KeySource keys) {
  JwtPolicy policy;
  policy.keys = std::move(keys);
  return policy;
}

JwtPolicy with_secret() {
  JwtPolicy policy;
  policy.secret = taskd::Secret(kSecret);
  return policy;
}

JwtPolicy with_public(const test_support::SigningKey& key) {
  return with_keys(taskd::fixed_key({taskd::public_key_from_pem(key.public_pem()).value(), {}, {}}));
}

JwtPolicy with_set() {
  taskd::TextFile file;
  file.text = R"({"keys":[)" + test_support::rsa_key().jwk(R"("kid":"r")") + "," +
              test_support::ec_key().jwk(R"("kid":"e")") + "," + test_support::ed_key().jwk() + "]}";
  const auto keys = std::make_shared<const KeySet>(taskd::read_jwk_set(file).value());
  return with_keys([keys] { return keys; });
}

std::string signed_by_us(std::string_view header, std::string_view claims) {
  const std::string text = taskd::base64url_encode(header) + "." + taskd::base64url_encode(claims);
  return text + "." + taskd::base64url_encode(taskd::hmac(taskd::Algorithm::hs256, kSecret, text));
}

bool is_good(const Jwt& jwt, std::string_view token) {
  const auto identity = jwt.verify(token, kNow);
  if (!identity) {
    must_be_printable(identity.error().detail);
    must(!jwt.knows(token), "a refused token is known");
    return false;
  }
  must(!identity->user.empty() && taskd::is_utf8(identity->user), "nobody was let in");
  must(!taskd::has_control_character(identity->user), "a name cannot be printed");
  return true;
}

}  // namespace

void check_token(std::string_view text) {
  static const Jwt by_secret(with_secret());
  static const std::array<Jwt, 4> by_public_key{Jwt(with_public(test_support::rsa_key())),
                                                Jwt(with_public(test_support::ec_key())),
                                                Jwt(with_public(test_support::ed_key())), Jwt(with_set())};
  (void)is_good(by_secret, text);
  // Nobody has these keys' other halves.
  for (const Jwt& jwt : by_public_key) must(!is_good(jwt, text), "a token that nobody signed is good");
  (void)is_good(by_secret, signed_by_us(R"({"alg":"HS256"})", text));
  (void)is_good(by_secret, signed_by_us(text, R"({"sub":"a","role":"user","exp":1800000600})"));
}

}  // namespace taskcore::testing
