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

Result<void> check_token_settings(const Config& config) {
  // The address may hold a password, so it is not repeated.
  if (config.jwks.string().find("://") != std::string::npos) {
    return fail(Errc::invalid, "TASK_JWKS: an address is not supported yet; save the set and give the file's path");
  }
  return check_single_key(config);
}

}  // namespace taskd
