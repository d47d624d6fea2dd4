// Tokens with signatures that are almost right.
#include "auth/base64url.hpp"
#include "support/catch.hpp"
#include "unit/server/guarded.hpp"

using namespace taskd;
using namespace taskd::testing;

namespace {

std::string header_of(Algorithm algorithm) { return R"({"alg":")" + std::string(to_string(algorithm)) + "\"}"; }

/// What is to be signed, and a token with any signature.
struct Draft {
  explicit Draft(Algorithm algorithm, std::string_view claims = kClaims)
      : text(base64url_encode(header_of(algorithm)) + "." + base64url_encode(claims)) {}

  std::string with(const std::string& signature) const { return text + "." + base64url_encode(signature); }

  const std::string text;
};

std::string flipped(std::string bytes, std::size_t at, int mask) {
  bytes[at] = static_cast<char>(bytes[at] ^ mask);
  return bytes;
}

std::string from_hex(std::string_view digits) {
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string out;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    out += static_cast<char>(value(digits[i]) * 16 + value(digits[i + 1]));
  }
  return out;
}

/// The sum of two numbers of equal size, the least byte first.
std::string sum(const std::string& left, const std::string& right) {
  std::string out;
  int carry = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    carry += static_cast<unsigned char>(left[i]) + static_cast<unsigned char>(right[i]);
    out += static_cast<char>(carry & 0xFF);
    carry >>= 8;
  }
  return out;
}

/// Cut, grown and damaged in ways that no kind of signature bears.
Forgeries damaged(const Draft& draft, const std::string& good, const std::string& of_another) {
  return {
      {"none", draft.with("")},
      {"one byte", draft.with(good.substr(0, 1))},
      {"half of it", draft.with(good.substr(0, good.size() / 2))},
      {"without its last byte", draft.with(good.substr(0, good.size() - 1))},
      {"without its first byte", draft.with(good.substr(1))},
      {"with a zero byte behind", draft.with(good + std::string(1, '\0'))},
      {"with a zero byte before", draft.with(std::string(1, '\0') + good)},
      {"twice", draft.with(good + good)},
      {"with another first bit", draft.with(flipped(good, 0, 0x80))},
      {"with another last bit", draft.with(flipped(good, good.size() - 1, 1))},
      {"all zero", draft.with(std::string(good.size(), '\0'))},
      {"all ones", draft.with(std::string(good.size(), '\xFF'))},
      {"backwards", draft.with(std::string(good.rbegin(), good.rend()))},
      {"of another token", draft.with(of_another)},
      {"of the claims alone", draft.with(good).replace(0, draft.text.find('.'), base64url_encode("{}"))},
      {"as a text of base64url within base64url", draft.with(base64url_encode(good))},
  };
}

constexpr std::string_view kOthers = R"({"sub":"b","role":"viewer","exp":1800000600})";

}  // namespace

TEST_CASE("a damaged signature is refused whatever the algorithm", "[auth]") {
  const std::vector<std::pair<const test_support::SigningKey*, Algorithm>> signers{{&rsa_key(), Algorithm::rs256},
                                                                                   {&rsa_key(), Algorithm::ps256},
                                                                                   {&ec_key(), Algorithm::es256},
                                                                                   {&ed_key(), Algorithm::eddsa}};
  for (const auto& [key, algorithm] : signers) {
    INFO(to_string(algorithm));
    const Draft draft(algorithm);
    const std::string good = key->sign(algorithm, draft.text);
    REQUIRE(lets_in(checked_with(*key), draft.with(good)));
    check_refused(checked_with(*key), damaged(draft, good, key->sign(algorithm, Draft(algorithm, kOthers).text)));
  }
}

TEST_CASE("an HMAC that is cut, or from another token, is refused", "[auth]") {
  const std::string good = hmac_token(header_of(Algorithm::hs256), kClaims);
  const std::string other = hmac_token(header_of(Algorithm::hs256), kOthers);
  const auto mac = [](const std::string& token) {
    return base64url_decode(token.substr(token.rfind('.') + 1)).value();
  };
  check_refused(checked_with(kSecret), damaged(Draft(Algorithm::hs256), mac(good), mac(other)));
}

TEST_CASE("an ES256 signature is r and s, each above zero and below the order", "[auth]") {
  const std::string order = from_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  const std::string zero(32, '\0');
  const std::string one = std::string(31, '\0') + "\x01";
  const Draft draft(Algorithm::es256);
  const std::string good = ec_key().sign(Algorithm::es256, draft.text);
  const std::string r = good.substr(0, 32);
  const std::string s = good.substr(32);
  REQUIRE(lets_in(checked_with(ec_key()), draft.with(good)));
  check_refused(checked_with(ec_key()),
                {
                    {"DER", draft.with(ec_key().sign_der(draft.text))},
                    {"r is zero", draft.with(zero + s)},
                    {"s is zero", draft.with(r + zero)},
                    {"both are zero", draft.with(zero + zero)},
                    {"both are one", draft.with(one + one)},
                    {"r is the order", draft.with(order + s)},
                    {"s is the order", draft.with(r + order)},
                    {"both are the order", draft.with(order + order)},
                    {"r is above the order", draft.with(std::string(32, '\xFF') + s)},
                    {"s is above the order", draft.with(r + std::string(32, '\xFF'))},
                    {"s before r", draft.with(s + r)},
                    {"r alone", draft.with(r)},
                    {"as long as on P-384", draft.with(std::string(16, '\0') + r + std::string(16, '\0') + s)},
                    {"signed as Ed25519", draft.with(ed_key().sign(Algorithm::eddsa, draft.text))},
                });
}

TEST_CASE("an EdDSA signature has one form only", "[auth]") {
  // The order of Ed25519's group, the least byte first: S and S + order sign the same in a careless check.
  const std::string order = from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  const Draft draft(Algorithm::eddsa);
  const std::string good = ed_key().sign(Algorithm::eddsa, draft.text);
  check_refused(checked_with(ed_key()),
                {
                    {"S above the order", draft.with(good.substr(0, 32) + sum(good.substr(32), order))},
                    {"S is zero", draft.with(good.substr(0, 32) + std::string(32, '\0'))},
                    {"R is zero", draft.with(std::string(32, '\0') + good.substr(32))},
                    {"as long as Ed448's", draft.with(good + std::string(50, '\0'))},
                    {"S before R", draft.with(good.substr(32) + good.substr(0, 32))},
                });
}

TEST_CASE("whatever is wrong before the signature holds has one answer", "[auth]") {
  const JwtPtr jwt = checked_with_set({rsa_key().jwk(R"("kid":"a")"), ec_key().jwk(R"("kid":"b")")});
  const std::string answer = ask(jwt, Draft(Algorithm::rs256).with("x")).body;
  for (const char* header :
       {R"({"alg":"RS256","kid":"a"})", R"({"alg":"RS256","kid":"b"})", R"({"alg":"RS256","kid":"unknown"})",
        R"({"alg":"none"})", R"({"alg":"ES256","kid":"b"})", R"({"alg":"HS256","crit":["x"]})", R"(no JSON)"}) {
    INFO(header);
    CHECK(ask(jwt, hmac_token(header, kClaims)).body == answer);
  }
}
