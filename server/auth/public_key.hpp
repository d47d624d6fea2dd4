// A public key that tokens are checked with. Its kind says which algorithms it is for; a token cannot.
#pragma once

#include <memory>
#include <string_view>

#include "auth/algorithm.hpp"
#include "taskcore/result.hpp"

struct evp_pkey_st;

namespace taskd {

class PublicKey {
 public:
  /// RSA of 2048 to 8192 bits, EC on P-256, or Ed25519. Errors: `invalid`, with what is wrong with the key.
  static taskcore::Result<PublicKey> make(std::shared_ptr<evp_pkey_st> key);

  /// RSA: RS256 and PS256. P-256: ES256. Ed25519: EdDSA.
  bool takes(Algorithm algorithm) const noexcept;

  /// True when `signature`, in the form of a JWS, is one of `text`. From any thread.
  bool verify(Algorithm algorithm, std::string_view text, std::string_view signature) const;

 private:
  enum class Kind { rsa, p256, ed25519 };
  static taskcore::Result<Kind> kind_of(const evp_pkey_st* key);

  PublicKey(Kind kind, std::shared_ptr<evp_pkey_st> key) : kind_(kind), key_(std::move(key)) {}

  Kind kind_;
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace taskd
