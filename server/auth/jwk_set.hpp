// A JSON Web Key Set (RFC 7517 section 5).
#pragma once

#include "auth/key_set.hpp"
#include "auth/text_file.hpp"

namespace taskd {

inline constexpr std::size_t kMaxJwkSet = 1024 * 1024;

/// The keys of the set that signatures can be checked with. Errors: `invalid`: there is none, one is broken or weak, or
/// one is a secret and everyone can read the file.
taskcore::Result<KeySet> read_jwk_set(const TextFile& file);

/// The same of a set that came over a network, where there must be no secrets.
taskcore::Result<KeySet> read_public_jwk_set(std::string_view text);

}  // namespace taskd
