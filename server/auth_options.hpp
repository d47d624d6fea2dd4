// The settings of tokens: which go together, and what they mean to the check of tokens.
#pragma once

#include <functional>
#include <string>

#include "auth/jwt.hpp"
#include "config.hpp"
#include "taskcore/result.hpp"

namespace taskd {

struct TokenCheck {
  JwtPolicy policy{};
  bool secret_created = false;  ///< This is the first start.
};

/// Reads the key, or the set of keys, and the denylist that the settings name; without a key there is the secret of
/// `find_secret`. A set at an address is waited for. `on_fault` is told, in one line, when a file is changed to
/// something that is of no use and when the address gives no keys. Errors name the setting.
taskcore::Result<TokenCheck> make_token_check(const Config& config, std::function<void(const std::string&)> on_fault);

}  // namespace taskd
