// JSON Web Tokens (RFC 7515, 7519): signing with HS256 for `taskd token`, checking for every request. The algorithm
// follows from the key that is configured; a token must name one that its key is for.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "auth/claims.hpp"
#include "auth/denylist.hpp"
#include "auth/identity.hpp"
#include "auth/key_set.hpp"
#include "auth/secret.hpp"
#include "taskcore/result.hpp"

namespace taskd {

struct JwtPolicy {
  Secret secret{};         ///< Signs; and is the key that tokens are checked with, where there are no `keys`.
  std::string issuer{};    ///< Where set, `iss` must be this.
  std::string audience{};  ///< Where set, `aud` must be or contain this.
  std::chrono::seconds leeway{60};
  KeySource keys{};         ///< Where set, tokens are checked with these alone.
  DenylistSource denied{};  ///< Where set, tokens with an id of this list are refused.
  /// Told of each token for which none of the keys is. From any thread; it must be quick.
  std::function<void()> on_unknown_key{};
};

class Jwt {
 public:
  using Seconds = std::chrono::sys_seconds;

  explicit Jwt(JwtPolicy policy);

  /// A token for `identity` that expires at `expires`, with an id of its own. Throws when there are no random bytes.
  std::string sign(const Identity& identity, Seconds issued, Seconds expires) const;

  /// The identity of a token that is good at `now`; else `invalid`, with a reason that is fit for the client. From any
  /// thread; throws nothing.
  taskcore::Result<Identity> verify(std::string_view token, Seconds now) const;

  /// True for a token whose signature need not be checked again. It may have expired. From any thread; throws nothing.
  bool knows(std::string_view token) const noexcept;

 private:
  using Keys = std::shared_ptr<const KeySet>;

  taskcore::Result<Identity> check(std::string_view token, Seconds now) const;
  taskcore::Result<Grant> read(std::string_view token, const KeySet& keys) const;
  std::optional<Grant> recall(const std::string& token, const Keys& keys) const;
  void remember(std::string token, const Grant& grant, const Keys& keys) const;

  const JwtPolicy policy_;
  mutable std::mutex mutex_{};
  mutable std::unordered_map<std::string, Grant> known_{};  ///< Tokens whose signature was found right: a bounded few.
  mutable Keys known_by_{};                                 ///< The keys that it was found with.
};

}  // namespace taskd
