// Which algorithms a key is for: what the key's owner signs is accepted, by these and by no others.
#include <algorithm>
#include <vector>

#include "support/catch.hpp"
#include "unit/server/guarded.hpp"

using namespace taskd;
using namespace taskd::testing;

namespace {

std::string header_of(Algorithm algorithm) { return R"({"alg":")" + std::string(to_string(algorithm)) + "\"}"; }

const std::vector<Algorithm> kAll{Algorithm::hs256, Algorithm::hs384, Algorithm::hs512, Algorithm::rs256,
                                  Algorithm::ps256, Algorithm::es256, Algorithm::eddsa};

/// One server for each kind of key.
struct Server {
  std::string what;
  JwtPtr jwt;
};

std::vector<Server> servers() {
  return {{"a secret", checked_with(kSecret)},
          {"RSA", checked_with(rsa_key())},
          {"P-256", checked_with(ec_key())},
          {"Ed25519", checked_with(ed_key())}};
}

/// A token of `algorithm`, rightly signed by the key that is for it.
std::string token_of(Algorithm algorithm) {
  const std::string header = header_of(algorithm);
  switch (algorithm) {
    case Algorithm::rs256:
    case Algorithm::ps256:
      return signed_token(rsa_key(), algorithm, header, kClaims);
    case Algorithm::es256:
      return signed_token(ec_key(), algorithm, header, kClaims);
    case Algorithm::eddsa:
      return signed_token(ed_key(), algorithm, header, kClaims);
    default:
      return hmac_token(header, kClaims, kSecret, algorithm);
  }
}

}  // namespace

TEST_CASE("each key takes the algorithms that it is for and no others", "[auth]") {
  const std::vector<std::vector<Algorithm>> good{{Algorithm::hs256, Algorithm::hs384},
                                                 {Algorithm::rs256, Algorithm::ps256},
                                                 {Algorithm::es256},
                                                 {Algorithm::eddsa}};
  const auto all = servers();
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const Algorithm algorithm : kAll) {
      INFO(all[i].what << ", " << to_string(algorithm));
      const bool wanted = std::find(good[i].begin(), good[i].end(), algorithm) != good[i].end();
      CHECK(lets_in(all[i].jwt, token_of(algorithm)) == wanted);
    }
  }
}

TEST_CASE("a secret takes the hashes that it is as long as", "[auth]") {
  const auto takes = [](std::size_t size, Algorithm algorithm) {
    const std::string secret(size, 'k');
    return lets_in(checked_with(secret), hmac_token(header_of(algorithm), kClaims, secret, algorithm));
  };
  CHECK(takes(32, Algorithm::hs256));
  CHECK_FALSE(takes(47, Algorithm::hs384));
  CHECK(takes(48, Algorithm::hs384));
  CHECK_FALSE(takes(63, Algorithm::hs512));
  CHECK(takes(64, Algorithm::hs512));
  CHECK(takes(64, Algorithm::hs256));
}

TEST_CASE("a signature is that of the algorithm that the header names", "[auth]") {
  const JwtPtr rsa = checked_with(rsa_key());
  CHECK_FALSE(lets_in(rsa, signed_token(rsa_key(), Algorithm::ps256, header_of(Algorithm::rs256), kClaims)));
  CHECK_FALSE(lets_in(rsa, signed_token(rsa_key(), Algorithm::rs256, header_of(Algorithm::ps256), kClaims)));
  const JwtPtr secret = checked_with(kSecret);
  CHECK_FALSE(lets_in(secret, hmac_token(header_of(Algorithm::hs256), kClaims, kSecret, Algorithm::hs384)));
  CHECK_FALSE(lets_in(secret, hmac_token(header_of(Algorithm::hs384), kClaims, kSecret, Algorithm::hs256)));
}

TEST_CASE("another key of the same kind signs nothing here", "[auth]") {
  CHECK_FALSE(lets_in(checked_with(SigningKey::rsa()), token_of(Algorithm::rs256)));
  CHECK_FALSE(lets_in(checked_with(SigningKey::ec()), token_of(Algorithm::es256)));
  CHECK_FALSE(lets_in(checked_with(SigningKey::ed25519()), token_of(Algorithm::eddsa)));
  CHECK_FALSE(lets_in(checked_with(std::string(48, 'k')), token_of(Algorithm::hs384)));
}

TEST_CASE("a token with any one character changed is refused", "[auth]") {
  for (const Algorithm algorithm : {Algorithm::hs256, Algorithm::rs256, Algorithm::es256, Algorithm::eddsa}) {
    const std::string good = token_of(algorithm);
    const auto all = servers();
    const auto taker =
        std::find_if(all.begin(), all.end(), [&](const Server& server) { return lets_in(server.jwt, good); });
    REQUIRE(taker != all.end());
    std::size_t accepted = 0;
    for (std::size_t i = 0; i < good.size(); ++i) {
      std::string changed = good;
      changed[i] = changed[i] == 'A' ? 'B' : 'A';
      if (lets_in(taker->jwt, changed)) ++accepted;
    }
    INFO(to_string(algorithm));
    CHECK(accepted == 0);
  }
}
