// Who makes a request, as a good token says.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace taskd {

enum class Role { admin, user, viewer };

std::string_view to_string(Role role) noexcept;

/// None when `text` is no role.
std::optional<Role> parse_role(std::string_view text) noexcept;

struct Identity {
  std::string user;
  Role role = Role::viewer;
};

}  // namespace taskd
