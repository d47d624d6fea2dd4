// Roles and their names.
#include "auth/identity.hpp"

namespace taskd {

std::string_view to_string(Role role) noexcept {
  switch (role) {
    case Role::admin:
      return "admin";
    case Role::user:
      return "user";
    case Role::viewer:
      break;
  }
  return "viewer";
}

std::optional<Role> parse_role(std::string_view text) noexcept {
  for (const Role role : {Role::admin, Role::user, Role::viewer}) {
    if (to_string(role) == text) return role;
  }
  return std::nullopt;
}

}  // namespace taskd
