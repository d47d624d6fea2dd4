// One key that tokens are checked with: a shared secret or a public key.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "auth/algorithm.hpp"
#include "auth/public_key.hpp"
#include "auth/secret.hpp"

namespace taskd {

struct VerifyKey {
  using Material = std::variant<Secret, PublicKey>;

  Material material{};
  std::optional<std::string> id{};  ///< `kid`
  std::optional<Algorithm> only{};  ///< `alg`: where set, the one algorithm of those that the key could do.

  /// A secret takes HS256, HS384 and HS512, as far as it is as long as the hash; public keys: see public_key.hpp.
  bool takes(Algorithm algorithm) const noexcept;

  /// True when `signature`, in the form of a JWS, is one of `text` by an algorithm that this key takes.
  bool verify(Algorithm algorithm, std::string_view text, std::string_view signature) const;
};

}  // namespace taskd
