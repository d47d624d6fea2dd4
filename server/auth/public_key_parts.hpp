// Public keys from their numbers, as a JSON Web Key has them: big-endian bytes. Errors: `invalid`.
#pragma once

#include <string_view>

#include "auth/public_key.hpp"

namespace taskd {

taskcore::Result<PublicKey> rsa_public_key(std::string_view modulus, std::string_view exponent);

/// The point's coordinates, 32 bytes each.
taskcore::Result<PublicKey> p256_public_key(std::string_view x, std::string_view y);

/// 32 bytes (RFC 8032).
taskcore::Result<PublicKey> ed25519_public_key(std::string_view bytes);

}  // namespace taskd
