// JSON Web Tokens with HS256 (RFC 7515, 7519): signing for `taskd token`, checking for every request. The algorithm is
// this class, never the token's choice.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "auth/identity.hpp"
#include "auth/secret.hpp"
#include "taskcore/result.hpp"

namespace taskd {

struct JwtPolicy {
  Secret secret{};
  std::string issuer{};    ///< Where set, `iss` must be this.
  std::string audience{};  ///< Where set, `aud` must be or contain this.
  std::chrono::seconds leeway{60};
};

class Jwt {
 public:
  using Seconds = std::chrono::sys_seconds;

  explicit Jwt(JwtPolicy policy) : policy_(std::move(policy)) {}

  /// A token for `identity` that expires at `expires`.
  std::string sign(const Identity& identity, Seconds issued, Seconds expires) const;

  /// The identity of a token that is good at `now`; else `invalid`, with a reason that is fit for the client. From any
  /// thread.
  taskcore::Result<Identity> verify(std::string_view token, Seconds now) const;

 private:
  /// What a token of ours says, whatever the time is.
  struct Grant {
    Identity identity{};
    double not_before = 0;  ///< Seconds since 1970, as `expires`.
    double expires = 0;
  };
  taskcore::Result<Grant> read(std::string_view token) const;
  std::optional<Grant> recall(const std::string& token) const;
  void remember(std::string token, const Grant& grant) const;

  const JwtPolicy policy_;
  mutable std::mutex mutex_{};
  mutable std::unordered_map<std::string, Grant> known_{};  ///< Tokens whose signature was found right: a bounded few.
};

/// HMAC-SHA256 of `text`, 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view text);

}  // namespace taskd
