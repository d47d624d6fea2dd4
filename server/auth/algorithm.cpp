// Algorithms and their names.
#include "auth/algorithm.hpp"

namespace taskd {

std::string_view to_string(Algorithm algorithm) noexcept {
  switch (algorithm) {
    case Algorithm::hs256:
      return "HS256";
    case Algorithm::hs384:
      return "HS384";
    case Algorithm::hs512:
      return "HS512";
    case Algorithm::rs256:
      return "RS256";
    case Algorithm::ps256:
      return "PS256";
    case Algorithm::es256:
      return "ES256";
    case Algorithm::eddsa:
      break;
  }
  return "EdDSA";
}

std::optional<Algorithm> parse_algorithm(std::string_view text) noexcept {
  for (const Algorithm algorithm : {Algorithm::hs256, Algorithm::hs384, Algorithm::hs512, Algorithm::rs256,
                                    Algorithm::ps256, Algorithm::es256, Algorithm::eddsa}) {
    if (to_string(algorithm) == text) return algorithm;
  }
  return std::nullopt;
}

}  // namespace taskd
