// The table: see policy.hpp.
#include "auth/policy.hpp"

namespace taskd {

Verdict decide(const Identity& caller, Action action, Relation relation) noexcept {
  if (caller.role == Role::admin) return Verdict::allow;
  if (!relation.owner && !relation.assignee) return Verdict::hide;
  if (action == Action::see) return Verdict::allow;
  // The role caps every relation: a viewer who owns a task still only looks at it.
  if (caller.role == Role::viewer) return Verdict::forbid;
  if (action == Action::control) return Verdict::allow;
  return relation.owner ? Verdict::allow : Verdict::forbid;
}

bool may_create(const Identity& caller) noexcept { return caller.role != Role::viewer; }

bool may_act(const Identity& caller) noexcept { return caller.role != Role::viewer; }

bool is_admin(const Identity& caller) noexcept { return caller.role == Role::admin; }

bool sees_all(const Identity& caller) noexcept { return caller.role == Role::admin; }

bool has_quota(const Identity& caller) noexcept { return caller.role != Role::admin; }

bool ScriptRoles::has(Role role) const noexcept {
  switch (role) {
    case Role::admin:
      return admin;
    case Role::user:
      return user;
    case Role::viewer:
      break;
  }
  return viewer;
}

}  // namespace taskd
