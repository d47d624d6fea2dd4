// SHA-256 (FIPS 180-4), so that the core needs no cryptographic library for its audit trail.
#pragma once

#include <string>
#include <string_view>

namespace taskcore {

/// 64 hex digits in lower case.
std::string sha256(std::string_view text);

/// The same without the processor's own instructions.
std::string sha256_portably(std::string_view text);

}  // namespace taskcore
