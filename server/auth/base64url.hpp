// Base64 with the URL alphabet and without padding (RFC 4648 section 5), as JWTs use it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace taskd {

std::string base64url_encode(std::string_view bytes);

/// Strict: no padding, no blanks, no other alphabet, and the unused bits at the end are zero, so that every byte string
/// has exactly one text.
std::optional<std::string> base64url_decode(std::string_view text);

}  // namespace taskd
