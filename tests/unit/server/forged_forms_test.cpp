// Tokens whose form is broken: not three parts of base64url, or no JSON objects in them.
#include "auth/base64url.hpp"
#include "auth/hmac.hpp"
#include "support/catch.hpp"
#include "unit/server/guarded.hpp"

using namespace taskd;
using namespace taskd::testing;

namespace {

const std::string kHeader = R"({"alg":"HS256"})";

/// Rightly signed, whatever the two parts are.
std::string signed_parts(const std::string& header, const std::string& claims) {
  const std::string text = header + "." + claims;
  return text + "." + base64url_encode(hmac(Algorithm::hs256, kSecret, text));
}

/// `text` with the unused bits of its last character set.
std::string with_loose_bits(std::string text) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  text.back() = kAlphabet[kAlphabet.find(text.back()) + 1];
  return text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

/// UTF-16.
std::string wide(const std::string& text) {
  std::string out;
  for (const char c : text) out += {c, '\0'};
  return out;
}

std::string padded_claims(std::size_t size) {
  return R"({"sub":"a","role":"admin","exp":1800000600,"pad":")" + std::string(size, 'x') + "\"}";
}

}  // namespace

TEST_CASE("tokens that are not three parts are refused", "[auth]") {
  const std::string good = hmac_token(kHeader, kClaims);
  const std::string header = base64url_encode(kHeader);
  const std::string claims = base64url_encode(kClaims);
  const std::string signature = good.substr(good.rfind('.') + 1);
  REQUIRE(lets_in(checked_with(kSecret), good));
  check_refused(checked_with(kSecret), {
                                           {"nothing", ""},
                                           {"a word", "token"},
                                           {"one dot", "."},
                                           {"two dots", ".."},
                                           {"three dots", "..."},
                                           {"no dots", replaced(good, ".", "")},
                                           {"no signature and no dot for it", header + "." + claims},
                                           {"no signature", header + "." + claims + "."},
                                           {"no header", signed_parts("", claims)},
                                           {"no claims", signed_parts(header, "")},
                                           {"neither header nor claims", signed_parts("", "")},
                                           {"a dot more at the end", good + "."},
                                           {"a dot more at the begin", "." + good},
                                           {"a part more", good + ".e30"},
                                           {"five parts, as if encrypted", header + "..." + claims + "." + signature},
                                           {"claims and signature swapped", header + "." + signature + "." + claims},
                                           {"escaped dots", replaced(good, ".", "%2E")},
                                           {"full-width dots", replaced(good, ".", "\xEF\xBC\x8E")},
                                           {"two tokens", good + " " + good},
                                           {"two tokens with a comma", good + "," + good},
                                           {"a scheme of its own", "Bearer " + good},
                                           {"quotes", "\"" + good + "\""},
                                       });
}

TEST_CASE("tokens that are too long are refused however well they are signed", "[auth]") {
  REQUIRE(lets_in(checked_with(kSecret), hmac_token(kHeader, padded_claims(5'000))));
  check_refused(checked_with(kSecret), {
                                           {"a little more than 8 KiB", hmac_token(kHeader, padded_claims(6'200))},
                                           {"a MiB", hmac_token(kHeader, padded_claims(786'000))},
                                           {"a MiB of one letter", std::string(1'048'576, 'A')},
                                           {"a MiB of dots", std::string(1'048'576, '.')},
                                       });
}

TEST_CASE("base64url in any other form is refused", "[auth]") {
  const std::string good = hmac_token(kHeader, kClaims);
  const std::string header = base64url_encode(kHeader);
  const std::string claims = base64url_encode(kClaims);
  const std::string long_claims = base64url_encode(std::string(kClaims) + " ");
  const std::string longer_claims = base64url_encode(std::string(kClaims) + "  ");
  REQUIRE(lets_in(checked_with(kSecret), signed_parts(header, long_claims)));
  REQUIRE(lets_in(checked_with(kSecret), signed_parts(header, longer_claims)));
  const std::string& loose = long_claims.size() % 4 == 0 ? longer_claims : long_claims;
  check_refused(
      checked_with(kSecret),
      {
          {"a padded header", signed_parts(header + "=", claims)},
          {"padded claims", signed_parts(header, loose + "=")},
          {"more padding", signed_parts(header, loose + "==")},
          {"a padded signature", good + "="},
          {"loose bits in the signature", with_loose_bits(good)},
          {"loose bits in the claims", signed_parts(header, with_loose_bits(loose))},
          {"the other alphabet: +", signed_parts(header, "+" + claims.substr(1))},
          {"the other alphabet: /", signed_parts(header, "/" + claims.substr(1))},
          {"a blank", signed_parts(header, claims.substr(0, 8) + " " + claims.substr(8))},
          {"a line's end within", signed_parts(header, claims.substr(0, 8) + "\n" + claims.substr(8))},
          {"a line's end behind", good + "\n"},
          {"a zero byte", signed_parts(header, std::string(1, '\0') + claims)},
          {"bytes above ASCII", signed_parts(header, "\xC3\xA4" + claims)},
          {"a letter that carries no byte", signed_parts(header, claims + (claims.size() % 4 == 0 ? "A" : "AAA"))},
          {"plain JSON", signed_parts(kHeader, std::string(kClaims))},
      });
}

TEST_CASE("claims that are not one JSON object are refused", "[auth]") {
  const std::string claims(kClaims);
  const auto with = [](const std::string& text) { return hmac_token(kHeader, text); };
  std::string deep = R"({"sub":"a","role":"admin","exp":1800000600,"d":)";
  deep += std::string(64, '[') + std::string(64, ']') + "}";
  check_refused(checked_with(kSecret),
                {
                    {"a list", with("[" + claims + "]")},
                    {"a string", with("\"claims\"")},
                    {"a number", with("1800000600")},
                    {"null", with("null")},
                    {"true", with("true")},
                    {"no text", with(" ")},
                    {"an empty object", with("{}")},
                    {"a token within", with(hmac_token(kHeader, kClaims))},
                    {"a token within, announced", hmac_token(R"({"alg":"HS256","cty":"JWT"})", with(claims))},
                    {"a token within, as a string", with("\"" + with(claims) + "\"")},
                    {"an object and more", with(claims + "x")},
                    {"two objects", with(claims + claims)},
                    {"an object that does not end", with(claims.substr(0, claims.size() - 1))},
                    {"a comma too many", with(replaced(claims, "}", ",}"))},
                    {"a comment", with(replaced(claims, "}", "/**/}"))},
                    {"single quotes", with(replaced(claims, "\"", "'"))},
                    {"a byte order mark", with("\xEF\xBB\xBF" + claims)},
                    {"wide characters", with(wide(claims))},
                    {"a zero byte behind", with(claims + std::string(1, '\0'))},
                    {"invalid UTF-8", with(replaced(claims, "\"a\"", "\"\xFF\""))},
                    {"half a surrogate pair", with(replaced(claims, "\"a\"", R"("\ud800")"))},
                    {"a bare control character", with(replaced(claims, "\"a\"", "\"a\tb\""))},
                    {"deeper than JSON may be", with(deep)},
                });
}
