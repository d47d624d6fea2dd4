// Tokens that are rightly signed, and say what they must not.
#include "support/catch.hpp"
#include "unit/server/guarded.hpp"

using namespace taskd;
using namespace taskd::testing;

namespace {

JwtPtr strict() {
  JwtPolicy policy;
  policy.secret = Secret(kSecret);
  policy.issuer = "us";
  policy.audience = "api";
  return std::make_shared<const Jwt>(std::move(policy));
}

std::string token(const std::string& claims) { return hmac_token(R"({"alg":"HS256"})", claims); }

const std::string kWho = R"("sub":"a","role":"admin")";
const std::string kFor = R"("iss":"us","aud":"api")";
const std::string kUntil = R"("exp":1800000600)";

/// Each of `members` beside `rest`.
Forgeries each(const std::string& rest, std::initializer_list<const char*> members) {
  Forgeries out;
  for (const char* member : members) {
    out.emplace_back(member, token("{" + rest + (*member == '\0' ? "" : ",") + member + "}"));
  }
  return out;
}

}  // namespace

TEST_CASE("a token that has ended, or not begun, or has no proper end, is refused", "[auth]") {
  REQUIRE(lets_in(strict(), token("{" + kWho + "," + kFor + "," + kUntil + "}")));
  check_refused(strict(), each(kWho + "," + kFor, {"",
                                                   R"("exp":1799999940)",
                                                   R"("exp":1)",
                                                   R"("exp":0)",
                                                   R"("exp":-1800000600)",
                                                   R"("exp":"1800000600")",
                                                   R"("exp":"")",
                                                   R"("exp":null)",
                                                   R"("exp":true)",
                                                   R"("exp":[1800000600])",
                                                   R"("exp":{"at":1800000600})",
                                                   R"("exp":1e999)",
                                                   R"("exp":-1e300)",
                                                   R"("exp":NaN)",
                                                   R"("exp":Infinity)",
                                                   R"("exp":0x6B49D458)",
                                                   R"("exp":01800000600)",
                                                   R"("Exp":1800000600)",
                                                   R"("exp":1800000600,"exp":1800000600)",
                                                   R"("exp":1,"exp":1800000600)"}));
  check_refused(strict(),
                each(kWho + "," + kFor + "," + kUntil, {R"("nbf":1800000061)", R"("nbf":1e300)", R"("nbf":"1")",
                                                        R"("nbf":null)", R"("nbf":[1])", R"("nbf":1,"nbf":1)"}));
}

TEST_CASE("a token of another issuer or for another audience is refused", "[auth]") {
  check_refused(strict(),
                each(kWho + "," + kUntil + R"(,"aud":"api")",
                     {"", R"("iss":"them")", R"("iss":"US")", R"("iss":"us ")", R"("iss":"")", R"("iss":null)",
                      R"("iss":["us"])", R"("iss":"us\u0000")", R"("iss":"them","iss":"us")"}));
  check_refused(strict(), each(kWho + "," + kUntil + R"(,"iss":"us")",
                               {"", R"("aud":"other")", R"("aud":"API")", R"("aud":"api/")", R"("aud":"")",
                                R"("aud":null)", R"("aud":7)", R"("aud":[])", R"("aud":["other"])",
                                R"("aud":[["api"]])", R"("aud":{"api":true})", R"("aud":"other","aud":"api")"}));
}

TEST_CASE("a token for nobody, or for a name that is not clean, is refused", "[auth]") {
  const std::string long_name = R"("sub":")" + std::string(257, 'a') + "\"";
  check_refused(strict(), each(R"("role":"admin",)" + kFor + "," + kUntil,
                               {"", R"("sub":"")", R"("sub":null)", R"("sub":7)", R"("sub":["a"])", R"("sub":"a\nb")",
                                R"("sub":"a\r\nX-Role: admin")", R"("sub":"\u0000")", R"("sub":"a\u0000b")",
                                R"("sub":"\u001b[2J")", R"("sub":"\u007f")", R"("sub":"\t")", R"("sub":"a","sub":"b")",
                                R"("sub":"a","\u0073ub":"b")", long_name.c_str()}));
}

TEST_CASE("a token without a role, or with one that is not known, is refused", "[auth]") {
  check_refused(strict(), each(R"("sub":"a",)" + kFor + "," + kUntil,
                               {"", R"("role":"root")", R"("role":"Admin")", R"("role":"admin ")", R"("role":"")",
                                R"("role":"admin\u0000")", R"("role":null)", R"("role":0)", R"("role":true)",
                                R"("role":["admin"])", R"("role":{"admin":1})", R"("roles":["admin"])",
                                R"("role":"viewer","role":"admin")"}));
}

TEST_CASE("an id that no list could hold is refused", "[auth]") {
  check_refused(strict(), each(kWho + "," + kFor + "," + kUntil,
                               {R"("jti":7)", R"("jti":null)", R"("jti":["x"])", R"("jti":"x","jti":"y")"}));
}
