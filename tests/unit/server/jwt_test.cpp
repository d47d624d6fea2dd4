// Tokens: what is signed is accepted, and everything else is refused.
#include "auth/jwt.hpp"

#include <boost/json.hpp>

#include "auth/base64url.hpp"
#include "auth/hmac.hpp"
#include "support/catch.hpp"

using namespace taskd;
namespace json = boost::json;

namespace {

const std::string kKey = "0123456789abcdef0123456789abcdef";
const Jwt::Seconds kNow{std::chrono::seconds(1'800'000'000)};

Jwt make_jwt(std::string issuer = {}, std::string audience = {}) {
  return Jwt(JwtPolicy{Secret(kKey), std::move(issuer), std::move(audience), std::chrono::seconds(60)});
}

std::string signed_token(const std::string& header, const std::string& claims, const std::string& key = kKey) {
  const std::string text = base64url_encode(header) + "." + base64url_encode(claims);
  return text + "." + base64url_encode(hmac(Algorithm::hs256, key, text));
}

const std::string kHeader = R"({"alg":"HS256"})";

std::string with_claims(const std::string& claims) { return signed_token(kHeader, claims); }

bool accepts(const std::string& token, const Jwt& jwt = make_jwt()) { return jwt.verify(token, kNow).has_value(); }

}  // namespace

TEST_CASE("the vector of RFC 7515 A.1 has the signature of the standard", "[jwt]") {
  const auto key =
      base64url_decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
  REQUIRE(key);
  const std::string text =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  CHECK(base64url_encode(hmac(Algorithm::hs256, *key, text)) == "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");

  // The same token through the verifier: its signature holds, its claims lack what we demand.
  const Jwt jwt(JwtPolicy{Secret(*key), {}, {}, std::chrono::seconds(60)});
  const auto outcome = jwt.verify(text + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
                                  Jwt::Seconds(std::chrono::seconds(1'300'000'000)));
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().detail == "the token names no user (sub)");
}

TEST_CASE("a signed token is accepted and tells who it is", "[jwt]") {
  const Jwt jwt = make_jwt("us", "them");
  const auto identity = jwt.verify(jwt.sign({"alice", Role::admin}, kNow, kNow + std::chrono::hours(1)), kNow);
  REQUIRE(identity.has_value());
  CHECK(identity->user == "alice");
  CHECK(identity->role == Role::admin);
}

TEST_CASE("the algorithm is never the token's choice", "[jwt]") {
  const std::string claims = R"({"sub":"a","role":"admin","exp":1800000600})";
  CHECK(accepts(signed_token(kHeader, claims)));
  CHECK_FALSE(accepts(base64url_encode(R"({"alg":"none"})") + "." + base64url_encode(claims) + "."));
  for (const char* header :
       {R"({"alg":"none"})", R"({"alg":"HS512"})", R"({"alg":"RS256"})", R"({"alg":"hs256"})", R"({"alg":["HS256"]})",
        R"({"typ":"JWT"})", R"([])", R"({"alg":"HS256","crit":["exp"]})", R"({"alg":"HS256","alg":"HS256"})"}) {
    INFO(header);
    CHECK_FALSE(accepts(signed_token(header, claims)));
  }
  CHECK(accepts(signed_token(R"({"alg":"HS256","kid":"x","jku":"https://evil.example","typ":"JWT"})", claims)));
}

TEST_CASE("a changed or foreign signature is refused", "[jwt]") {
  const std::string claims = R"({"sub":"a","role":"admin","exp":1800000600})";
  CHECK_FALSE(accepts(signed_token(kHeader, claims, "another key of thirty-two bytes!")));
  std::string token = with_claims(claims);
  const std::string good = token;
  token[token.find('.') + 3] ^= 1;
  CHECK_FALSE(accepts(token));
  CHECK_FALSE(accepts(good + "="));
  CHECK_FALSE(accepts(good.substr(0, good.size() - 2)));
  CHECK_FALSE(accepts(good + ".x"));
  CHECK_FALSE(accepts(""));
  CHECK_FALSE(accepts(".."));
  CHECK_FALSE(
      accepts(with_claims(R"({"sub":"a","role":"admin","exp":1800000600,"pad":")" + std::string(9000, 'x') + "\"}")));
}

TEST_CASE("expiry and start have a leeway of a minute", "[jwt]") {
  const auto at = [](const std::string& dates) {
    return accepts(with_claims(R"({"sub":"a","role":"user",)" + dates + "}"));
  };
  CHECK(at(R"("exp":1800000001)"));
  CHECK(at(R"("exp":1799999941)"));
  CHECK_FALSE(at(R"("exp":1799999940)"));
  CHECK(at(R"("exp":1799999940.5)"));
  CHECK_FALSE(at(R"("exp":"1800000600")"));
  CHECK_FALSE(at(R"("exp":null)"));
  CHECK_FALSE(at(R"("iat":1)"));
  CHECK(at(R"("exp":1e300)"));
  CHECK(at(R"("exp":1800000600,"nbf":1800000060)"));
  CHECK_FALSE(at(R"("exp":1800000600,"nbf":1800000061)"));
  CHECK_FALSE(at(R"("exp":1800000600,"nbf":"now")"));
}

TEST_CASE("the user and the role must be clean", "[jwt]") {
  const auto with = [](const std::string& who) { return accepts(with_claims("{" + who + R"(,"exp":1800000600})")); };
  CHECK(with(R"("sub":"a","role":"viewer")"));
  CHECK(with(R"("sub":"Ünal","role":"user")"));
  CHECK_FALSE(with(R"("sub":"","role":"user")"));
  CHECK_FALSE(with(R"("sub":"a\nb","role":"user")"));
  CHECK_FALSE(with(R"("sub":"a\u007f","role":"user")"));
  CHECK_FALSE(with(R"("sub":7,"role":"user")"));
  CHECK_FALSE(with(R"("role":"user")"));
  CHECK_FALSE(with(R"("sub":"a")"));
  CHECK_FALSE(with(R"("sub":"a","role":"root")"));
  CHECK_FALSE(with(R"("sub":"a","role":["admin"])"));
}

TEST_CASE("issuer and audience count where they are configured", "[jwt]") {
  const std::string base = R"({"sub":"a","role":"user","exp":1800000600)";
  const Jwt jwt = make_jwt("us", "api");
  CHECK(accepts(with_claims(base + R"(,"iss":"us","aud":"api"})"), jwt));
  CHECK(accepts(with_claims(base + R"(,"iss":"us","aud":["x","api"]})"), jwt));
  CHECK_FALSE(accepts(with_claims(base + R"(,"iss":"them","aud":"api"})"), jwt));
  CHECK_FALSE(accepts(with_claims(base + R"(,"aud":"api"})"), jwt));
  CHECK_FALSE(accepts(with_claims(base + R"(,"iss":"us","aud":["x"]})"), jwt));
  CHECK_FALSE(accepts(with_claims(base + R"(,"iss":"us"})"), jwt));
  CHECK(accepts(with_claims(base + R"(,"iss":"anyone"})")));
}

TEST_CASE("base64url has one text for each byte string", "[jwt]") {
  for (const std::string& bytes : std::vector<std::string>{"", "f", "fo", "foo", "foob", "\xff\xfe\xfd"}) {
    CHECK(base64url_decode(base64url_encode(bytes)) == bytes);
  }
  CHECK(base64url_encode("\xfb\xff") == "-_8");
  for (const char* bad : {"a", "Zg==", "Zh", "Z g", "+/8", "Zm9vY", "Zm9\n"}) {
    INFO(bad);
    CHECK_FALSE(base64url_decode(bad));
  }
}
