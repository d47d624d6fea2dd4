// The signatures of the standards themselves: RFC 7515 appendix A, RFC 8037 appendix A, RFC 4231.
#include <string>

#include "auth/base64url.hpp"
#include "auth/hmac.hpp"
#include "auth/jwk_set.hpp"
#include "support/catch.hpp"

using namespace taskd;

namespace {

const std::string kJoe =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

KeySet set_of(const std::string& jwk) { return read_jwk_set({R"({"keys":[)" + jwk + "]}", false, {}}).value(); }

/// The vector holds, and does not hold for another text.
void check_vector(const std::string& jwk, Algorithm algorithm, const std::string& text, const std::string& signature) {
  const KeySet keys = set_of(jwk);
  const VerifyKey* key = keys.choose(std::nullopt, algorithm);
  REQUIRE(key != nullptr);
  const auto bytes = base64url_decode(signature);
  REQUIRE(bytes);
  CHECK(key->verify(algorithm, text, *bytes));
  CHECK_FALSE(key->verify(algorithm, text + "A", *bytes));
}

std::string hex(const std::string& bytes) {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

}  // namespace

TEST_CASE("HS256 holds for the vector of RFC 7515 A.1", "[auth]") {
  check_vector(
      R"({"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"})",
      Algorithm::hs256, "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + kJoe,
      "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
}

TEST_CASE("RS256 holds for the vector of RFC 7515 A.2", "[auth]") {
  check_vector(
      R"({"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2)"
      "mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBY"
      "UsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGN"
      R"(j8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"})",
      Algorithm::rs256, "eyJhbGciOiJSUzI1NiJ9." + kJoe,
      "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t"
      "1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12j"
      "zDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQ"
      "Ge77Rw");
}

TEST_CASE("ES256 holds for the vector of RFC 7515 A.3", "[auth]") {
  check_vector(R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
               R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})",
               Algorithm::es256, "eyJhbGciOiJFUzI1NiJ9." + kJoe,
               "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
}

TEST_CASE("EdDSA holds for the vector of RFC 8037 A.4", "[auth]") {
  check_vector(R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})", Algorithm::eddsa,
               "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
               "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
}

TEST_CASE("the longer HMACs are those of RFC 4231", "[auth]") {
  const std::string text = "what do ya want for nothing?";
  CHECK(hex(hmac(Algorithm::hs384, "Jefe", text)) ==
        "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649");
  CHECK(hex(hmac(Algorithm::hs512, "Jefe", text)) ==
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fd"
        "caeab1a34d4a6b4b636e070a38bce737");
}
