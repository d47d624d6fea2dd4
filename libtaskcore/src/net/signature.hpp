// Signatures of webhooks: Standard Webhooks 1.0, symmetric (v1).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "taskcore/result.hpp"

namespace taskcore::net {

/// The key of a secret: "whsec_" and base64 of 24 to 64 bytes. Errors: `invalid` with an empty pointer.
Result<std::string> signing_key(std::string_view secret);

/// The value of webhook-signature: "v1,…" for each key, parted by blanks. `id` and `body` as they are sent.
Result<std::string> sign(const std::vector<std::string>& keys, std::string_view id, std::int64_t unix_seconds,
                         std::string_view body);

std::string base64(std::string_view bytes);

}  // namespace taskcore::net
