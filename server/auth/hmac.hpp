// HMAC with SHA-2: the signatures of HS256, HS384 and HS512.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "auth/algorithm.hpp"

namespace taskd {

/// Bytes of the hash, which a key must have at least (RFC 7518 3.2); 0 where `algorithm` is no HMAC.
std::size_t hmac_size(Algorithm algorithm) noexcept;

/// The signature of `text`. Empty where `algorithm` is no HMAC, and where OpenSSL fails.
std::string hmac(Algorithm algorithm, std::string_view key, std::string_view text);

}  // namespace taskd
