// JSON Web Key Sets: which keys count, and which of them a token is checked with.
#include "auth/jwk_set.hpp"

#include "auth/base64url.hpp"
#include "support/catch.hpp"
#include "unit/server/guarded.hpp"

using namespace taskd;
using namespace taskd::testing;

namespace {

std::string fault_of(const std::string& text, bool is_readable_by_all = false) {
  const auto set = read_jwk_set({text, is_readable_by_all, {}});
  return set ? "none" : set.error().detail;
}

std::string set_of(const std::string& keys) { return "{\"keys\":[" + keys + "]}"; }

std::string secret_jwk(const std::string& bytes, const std::string& more = {}) {
  return R"({"kty":"oct","k":")" + base64url_encode(bytes) + "\"" + more + "}";
}

std::string rsa_token(const std::string& more = {}, Algorithm algorithm = Algorithm::rs256,
                      const SigningKey& key = rsa_key()) {
  return signed_token(key, algorithm, R"({"alg":")" + std::string(to_string(algorithm)) + "\"" + more + "}", kClaims);
}

const std::string kNone = "holds no key for signatures that is known here (RSA, EC P-256, OKP Ed25519, oct)";

}  // namespace

TEST_CASE("keys of each type are read, and check what their owners sign", "[auth]") {
  const JwtPtr jwt = checked_with_set(
      {rsa_key().jwk(R"("kid":"r")"), ec_key().jwk(R"("kid":"e")"), ed_key().jwk(R"("kid":"d")"), secret_jwk(kSecret)});
  CHECK(lets_in(jwt, rsa_token(R"(,"kid":"r")")));
  CHECK(lets_in(jwt, rsa_token(R"(,"kid":"r")", Algorithm::ps256)));
  CHECK(lets_in(jwt, signed_token(ec_key(), Algorithm::es256, R"({"alg":"ES256","kid":"e"})", kClaims)));
  CHECK(lets_in(jwt, signed_token(ed_key(), Algorithm::eddsa, R"({"alg":"EdDSA","kid":"d"})", kClaims)));
  CHECK(lets_in(jwt, hmac_token(R"({"alg":"HS256"})", kClaims)));
}

TEST_CASE("kid chooses the key, letter for letter", "[auth]") {
  const SigningKey other = SigningKey::rsa();
  const JwtPtr jwt = checked_with_set({rsa_key().jwk(R"("kid":"a")"), other.jwk(R"("kid":"b")"), ec_key().jwk()});
  CHECK(lets_in(jwt, rsa_token(R"(,"kid":"a")")));
  CHECK(lets_in(jwt, rsa_token(R"(,"kid":"b")", Algorithm::rs256, other)));
  CHECK_FALSE(lets_in(jwt, rsa_token(R"(,"kid":"b")")));
  CHECK_FALSE(lets_in(jwt, rsa_token(R"(,"kid":"A")")));
  CHECK_FALSE(lets_in(jwt, rsa_token(R"(,"kid":"")")));
  CHECK_FALSE(lets_in(jwt, rsa_token(R"(,"kid":"c")")));
  // A key without an id is not the one that a token names.
  CHECK_FALSE(lets_in(jwt, signed_token(ec_key(), Algorithm::es256, R"({"alg":"ES256","kid":"c"})", kClaims)));
}

TEST_CASE("without kid the only key that fits is taken, and several are refused", "[auth]") {
  CHECK(lets_in(checked_with_set({rsa_key().jwk(R"("kid":"a")"), ec_key().jwk(R"("kid":"b")")}), rsa_token()));
  CHECK_FALSE(
      lets_in(checked_with_set({rsa_key().jwk(R"("kid":"a")"), SigningKey::rsa().jwk(R"("kid":"b")")}), rsa_token()));
  CHECK_FALSE(lets_in(checked_with_set({rsa_key().jwk(R"("kid":"a")"), SigningKey::rsa().jwk(R"("kid":"a")")}),
                      rsa_token(R"(,"kid":"a")")));
  // One id for two types is one key for each algorithm.
  CHECK(lets_in(checked_with_set({rsa_key().jwk(R"("kid":"a")"), ec_key().jwk(R"("kid":"a")")}),
                rsa_token(R"(,"kid":"a")")));
}

TEST_CASE("use, key_ops and alg of a key are respected", "[auth]") {
  const JwtPtr only = checked_with_set({rsa_key().jwk(R"("alg":"PS256","use":"sig","key_ops":["sign","verify"])")});
  CHECK(lets_in(only, rsa_token({}, Algorithm::ps256)));
  CHECK_FALSE(lets_in(only, rsa_token({}, Algorithm::rs256)));
  for (const char* more : {R"("use":"enc")", R"("use":"")", R"("use":7)", R"("key_ops":["encrypt"])", R"("key_ops":[])",
                           R"("key_ops":"verify")", R"("alg":"RS512")", R"("alg":"RSA-OAEP")"}) {
    INFO(more);
    CHECK(fault_of(set_of(rsa_key().jwk(more))) == kNone);
    CHECK_FALSE(lets_in(checked_with_set({rsa_key().jwk(more), ec_key().jwk()}), rsa_token()));
  }
  CHECK(fault_of(set_of(rsa_key().jwk(R"("alg":"ES256")"))) ==
        "key 1 of the set: its \"alg\" is ES256, which this key cannot do");
  CHECK(fault_of(set_of(secret_jwk(kSecret, R"(,"alg":"HS512")"))) ==
        "key 1 of the set: its \"alg\" is HS512, which this key cannot do");
}

TEST_CASE("types and curves that are not known are skipped, and a set without a usable key is refused", "[auth]") {
  const std::string strange = R"({"kty":"PQ","kid":"new"},{"kty":"OKP","crv":"X25519","x":"AAAA"},)" +
                              SigningKey::ec("P-384").jwk() + R"(,{"kty":"OKP","crv":"Ed448","x":"AAAA"})";
  CHECK(fault_of(set_of(strange)) == kNone);
  CHECK(fault_of(set_of("")) == kNone);
  CHECK(fault_of(set_of(strange + "," + ed_key().jwk())) == "none");
}

TEST_CASE("a key that is broken or weak refuses the set, and is named by its place", "[auth]") {
  const std::string good = ec_key().jwk() + ",";
  CHECK(fault_of(set_of(good + SigningKey::rsa(1024).jwk())) ==
        "key 2 of the set: the RSA key has 1024 bits; it needs 2048 to 8192");
  CHECK(fault_of(set_of(good + secret_jwk("short"))) ==
        "key 2 of the set: its \"k\": the secret has 5 bytes; HS256 needs at least 32");
  const std::string zeros = base64url_encode(std::string(32, '\0'));
  for (const std::string& broken :
       {std::string("7"), std::string("{}"), std::string(R"({"kty":7})"), std::string(R"({"kty":"RSA"})"),
        std::string(R"({"kty":"RSA","n":"AQAB","e":""})"), std::string(R"({"kty":"RSA","n":"A+/=","e":"AQAB"})"),
        std::string(R"({"kty":"oct"})"), std::string(R"({"kty":"OKP","x":"AAAA"})"),
        std::string(R"({"kty":"OKP","crv":"Ed25519","x":"AAAA"})"), std::string(R"({"kty":"EC","crv":"P-256"})"),
        R"({"kty":"EC","crv":"P-256","x":")" + zeros + R"(","y":")" + zeros + "\"}", ec_key().jwk(R"("kid":7)"),
        ec_key().jwk(R"("alg":["ES256"])")}) {
    INFO(broken);
    CHECK(fault_of(set_of(good + broken)).starts_with("key 2 of the set: "));
  }
}

TEST_CASE("a text that is no set is refused", "[auth]") {
  for (const std::string& text :
       {std::string("[]"), std::string("{}"), std::string(R"({"keys":{}})"), ec_key().jwk()}) {
    CHECK(fault_of(text) == "is not a JSON Web Key Set: {\"keys\": [...]}");
  }
  for (const char* text : {"", "x", R"({"keys":[)", R"({"keys":[],"keys":[]})"}) {
    CHECK(fault_of(text).starts_with("is not JSON: "));
  }
}

TEST_CASE("a secret in a set that everyone can read is refused", "[auth]") {
  const std::string fault = "key 1 of the set: is a secret, and everyone can read the file; chmod 600 it";
  CHECK(fault_of(set_of(secret_jwk(kSecret)), true) == fault);
  CHECK(fault_of(set_of(secret_jwk(kSecret)), false) == "none");
  CHECK(fault_of(set_of(ec_key().jwk()), true) == "none");
}
