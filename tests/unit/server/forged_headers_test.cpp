// Tokens whose header tries to choose the algorithm, or the key.
#include "auth/base64url.hpp"
#include "support/catch.hpp"
#include "unit/server/guarded.hpp"

using namespace taskd;
using namespace taskd::testing;

namespace {

std::string unsigned_token(const std::string& header) {
  return base64url_encode(header) + "." + base64url_encode(kClaims) + ".";
}

/// The body of a PEM block, in one line.
std::string base64_of(const std::string& pem) {
  const std::size_t begin = pem.find('\n') + 1;
  std::string out = pem.substr(begin, pem.find("-----END") - begin);
  std::erase(out, '\n');
  return out;
}

}  // namespace

TEST_CASE("a token without a signature is refused, however it spells none", "[auth]") {
  for (const JwtPtr& jwt : {checked_with(kSecret), checked_with(rsa_key()), checked_with(ec_key()),
                            checked_with_set({ed_key().jwk(R"("kid":"a")")})}) {
    Forgeries forgeries;
    for (const char* name :
         {"none", "None", "NONE", "nOnE", "none ", "\\u006eone", "", "null", "HS256", "RS256", "ES256", "EdDSA"}) {
      const std::string header = R"({"alg":")" + std::string(name) + R"(","kid":"a"})";
      forgeries.emplace_back("unsigned: " + header, unsigned_token(header));
      forgeries.emplace_back("signed with an empty key: " + header, hmac_token(header, kClaims, ""));
    }
    check_refused(jwt, forgeries);
  }
}

TEST_CASE("a header that is not sound is refused though the signature holds", "[auth]") {
  REQUIRE(lets_in(checked_with(kSecret), hmac_token(R"({"alg":"HS256"})", kClaims)));
  Forgeries forgeries;
  for (const char* header : {R"({"alg":"none"})",
                             R"({"alg":"hs256"})",
                             R"({"alg":"HS256 "})",
                             R"({"alg":" HS256"})",
                             R"({"alg":"HS256\u0000"})",
                             R"({"alg":"HS-256"})",
                             R"({"alg":"SHA256"})",
                             R"({"alg":""})",
                             R"({"alg":null})",
                             R"({"alg":256})",
                             R"({"alg":true})",
                             R"({"alg":["HS256"]})",
                             R"({"alg":{"HS256":1}})",
                             R"({"ALG":"HS256"})",
                             R"({"typ":"JWT"})",
                             R"({})",
                             R"([])",
                             R"(["HS256"])",
                             R"("HS256")",
                             R"(null)",
                             R"( )",
                             R"({"alg":"HS256","alg":"HS256"})",
                             R"({"alg":"none","alg":"HS256"})",
                             R"({"alg":"HS256","\u0061lg":"none"})",
                             R"({"alg":"HS256"}{})",
                             R"({"alg":"HS256",})",
                             R"({"alg":"HS256"} x)",
                             R"({"alg":"HS256")",
                             R"({alg:"HS256"})",
                             R"({"alg":"HS256","crit":["exp"]})",
                             R"({"alg":"HS256","crit":[]})",
                             R"({"alg":"HS256","crit":null})",
                             R"({"alg":"HS256","b64":false,"crit":["b64"]})",
                             R"({"alg":"HS256","kid":7})",
                             R"({"alg":"HS256","kid":null})",
                             R"({"alg":"HS256","kid":["a"]})",
                             R"({"alg":"dir","enc":"A256GCM"})",
                             "\xEF\xBB\xBF{\"alg\":\"HS256\"}",
                             "{\"alg\":\"HS256\",\"typ\":\"\xFF\"}"}) {
    forgeries.emplace_back(header, hmac_token(header, kClaims));
  }
  const std::string deep = R"({"alg":"HS256","x":)" + std::string(64, '[') + std::string(64, ']') + "}";
  forgeries.emplace_back("deeper than JSON may be", hmac_token(deep, kClaims));
  check_refused(checked_with(kSecret), forgeries);
}

TEST_CASE("a public key is no secret: nothing that is signed with its text is accepted", "[auth]") {
  for (const SigningKey* key : {&rsa_key(), &ec_key(), &ed_key()}) {
    const std::string pem = key->public_pem();
    const std::string jwk = key->jwk(R"("kid":"a")");
    Forgeries forgeries;
    for (const std::string& secret : {pem, pem.substr(0, pem.size() - 1), base64_of(pem), jwk, key->jwk(),
                                      "{\"keys\":[" + jwk + "]}", std::string()}) {
      for (const Algorithm algorithm : {Algorithm::hs256, Algorithm::hs384, Algorithm::hs512}) {
        const std::string header = R"({"alg":")" + std::string(to_string(algorithm)) + R"(","kid":"a"})";
        forgeries.emplace_back(header + " by " + secret, hmac_token(header, kClaims, secret, algorithm));
      }
    }
    check_refused(checked_with(*key), forgeries);
    check_refused(checked_with_set({jwk}), forgeries);
  }
}

TEST_CASE("a token cannot bring the key that it is signed with", "[auth]") {
  const SigningKey foreign = SigningKey::rsa();
  const std::string pem = base64_of(foreign.public_pem());
  Forgeries forgeries;
  for (const std::string& more :
       {R"("jwk":)" + foreign.jwk(), R"("jwk":)" + foreign.jwk(R"("kid":"a","use":"sig")"), R"("x5c":[")" + pem + "\"]",
        std::string(R"("jku":"https://attacker.example/jwks.json")"), std::string(R"("jku":"file:///etc/passwd")"),
        std::string(R"("x5u":"https://attacker.example/cert.pem")"), std::string(R"("x5t":"AAAA","x5t#S256":"AAAA")"),
        std::string(R"("kid":"https://attacker.example/key")"), std::string(R"("kid":"../../../../dev/null")"),
        std::string(R"("kid":"a' OR '1'='1")"), std::string(R"("kid":"a\u0000b")"), std::string(R"("kid":"")")}) {
    const std::string header = R"({"alg":"RS256",)" + more + "}";
    forgeries.emplace_back(header, signed_token(foreign, Algorithm::rs256, header, kClaims));
  }
  check_refused(checked_with(rsa_key()), forgeries);
  check_refused(checked_with_set({rsa_key().jwk(R"("kid":"a")")}), forgeries);
  // What they say is not looked at, so it does no harm beside the right signature either.
  const std::string header = R"({"alg":"RS256","jku":"https://attacker.example/","x5c":["AAAA"],"jwk":{"kty":"oct"}})";
  CHECK(lets_in(checked_with(rsa_key()), signed_token(rsa_key(), Algorithm::rs256, header, kClaims)));
}

TEST_CASE("algorithms that no key here is for are refused", "[auth]") {
  Forgeries forgeries;
  for (const char* name :
       {"RS384", "RS512", "PS384", "PS512", "ES384", "ES512", "ES256K", "Ed25519", "Ed448", "RSA1_5", "rs256", "RS1"}) {
    const std::string header = R"({"alg":")" + std::string(name) + "\"}";
    forgeries.emplace_back(header, signed_token(rsa_key(), Algorithm::rs256, header, kClaims));
  }
  check_refused(checked_with(rsa_key()), forgeries);
}
