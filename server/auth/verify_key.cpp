// VerifyKey: see verify_key.hpp.
#include "auth/verify_key.hpp"

#include <openssl/crypto.h>

#include "auth/hmac.hpp"

namespace taskd {

bool VerifyKey::takes(Algorithm algorithm) const noexcept {
  if (only && *only != algorithm) return false;
  if (const PublicKey* key = std::get_if<PublicKey>(&material)) return key->takes(algorithm);
  const Secret* secret = std::get_if<Secret>(&material);
  const std::size_t least = hmac_size(algorithm);
  return secret != nullptr && least > 0 && secret->bytes().size() >= least;
}

bool VerifyKey::verify(Algorithm algorithm, std::string_view text, std::string_view signature) const {
  if (!takes(algorithm)) return false;
  if (const PublicKey* key = std::get_if<PublicKey>(&material)) return key->verify(algorithm, text, signature);
  const std::string expected = hmac(algorithm, std::get<Secret>(material).bytes(), text);
  return !expected.empty() && signature.size() == expected.size() &&
         CRYPTO_memcmp(signature.data(), expected.data(), expected.size()) == 0;
}

}  // namespace taskd
