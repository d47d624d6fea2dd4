// A guarded call, as tokens meet it: who it is, must be somebody, and the wall that exceptions end at.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/jwt.hpp"
#include "http/message.hpp"
#include "support/signing_key.hpp"

namespace taskd::testing {

using test_support::ec_key;
using test_support::ed_key;
using test_support::rsa_key;
using test_support::signed_token;
using test_support::SigningKey;

/// When the calls are made.
inline const Jwt::Seconds kNow{std::chrono::seconds(1'800'000'000)};

/// Good at that time.
inline constexpr std::string_view kClaims = R"({"sub":"a","role":"admin","exp":1800000600})";

/// 48 bytes: enough for HS384, not for HS512.
inline const std::string kSecret = "0123456789abcdef0123456789abcdef0123456789abcdef";

using JwtPtr = std::shared_ptr<const Jwt>;

JwtPtr checked_with(std::string secret);
JwtPtr checked_with(const test_support::SigningKey& key);

/// With a JSON Web Key Set of these keys.
JwtPtr checked_with_set(const std::vector<std::string>& jwks);

/// A token with an HMAC for its signature, whatever the header says.
std::string hmac_token(std::string_view header, std::string_view claims, std::string_view key = kSecret,
                       Algorithm algorithm = Algorithm::hs256);

/// The answer to a call with `Authorization: Bearer token`: 200 with the user, or a problem.
Response ask(const JwtPtr& jwt, std::string_view token);

bool lets_in(const JwtPtr& jwt, std::string_view token);

/// What is wrong with each token, and the token.
using Forgeries = std::vector<std::pair<std::string, std::string>>;

/// Each is answered 401, by one form, twice over.
void check_refused(const JwtPtr& jwt, const Forgeries& forgeries);

}  // namespace taskd::testing
