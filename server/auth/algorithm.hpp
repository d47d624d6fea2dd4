// The algorithms that tokens may be signed with (RFC 7518 section 3, RFC 8037 section 3.1).
#pragma once

#include <optional>
#include <string_view>

namespace taskd {

enum class Algorithm { hs256, hs384, hs512, rs256, ps256, es256, eddsa };

/// As `alg` spells it: "HS256".
std::string_view to_string(Algorithm algorithm) noexcept;

/// None when `text` is none of them, letter for letter.
std::optional<Algorithm> parse_algorithm(std::string_view text) noexcept;

}  // namespace taskd
