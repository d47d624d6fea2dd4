// The settings of tokens: which of them go together.
#include <array>
#include <string>
#include <utility>

#include "config.hpp"

namespace taskd {

using taskcore::Errc;
using taskcore::fail;
using taskcore::Result;

namespace {

/// Tokens are checked with one key, or one set of keys, so that it is plain which algorithms are good.
Result<void> check_single_key(const Config& config) {
  const std::array<std::pair<std::string, bool>, 4> sources{{
      {"TASK_JWT_SECRET", !config.jwt_secret.empty()},
      {"TASK_JWT_SECRET_FILE", !config.jwt_secret_file.empty()},
      {"TASK_JWT_PUBLIC_KEY", !config.jwt_public_key.empty()},
      {"TASK_JWKS", !config.jwks.empty()},
  }};
  const std::string* first = nullptr;
  for (const auto& [name, is_set] : sources) {
    if (!is_set) continue;
    if (first != nullptr) return fail(Errc::invalid, name + ": set this or " + *first + ", not both");
    first = &name;
  }
  return {};
}

}  // namespace

bool is_address(const std::filesystem::path& jwks) { return jwks.string().find("://") != std::string::npos; }

Result<void> check_token_settings(const Config& config) {
  const bool address = is_address(config.jwks);
  // The address may hold a password, so it is not repeated.
  if (address && !config.jwks.string().starts_with("https://")) {
    return fail(Errc::invalid, "TASK_JWKS: an address must begin with https://");
  }
  if (!address && !config.jwks_ca.empty()) {
    return fail(Errc::invalid, "TASK_JWKS_CA: is for a TASK_JWKS that is an https address");
  }
  return check_single_key(config);
}

}  // namespace taskd
