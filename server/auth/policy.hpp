// Who may do what: the table of the API's contract as pure functions. What a "no" looks like is part of it: strangers
// are told 404, since 403 would say that the task exists.
#pragma once

#include "auth/identity.hpp"

namespace taskd {

/// How a caller stands to a task.
struct Relation {
  bool owner = false;
  bool assignee = false;
};

enum class Action {
  see,      ///< The task, its runs, logs, its part in statistics and events.
  control,  ///< Execute, cancel, pause, resume.
  change,   ///< Update, delete, reassign.
};

enum class Verdict {
  allow,
  forbid,  ///< 403
  hide,    ///< 404, as if there were no such task.
};

/// For an existing task.
Verdict decide(const Identity& caller, Action action, Relation relation) noexcept;

/// Creating tasks.
bool may_create(const Identity& caller) noexcept;

/// Doing anything with a task beyond seeing it.
bool may_act(const Identity& caller) noexcept;

/// Reading the audit trail, and everything else that only administrators do.
bool is_admin(const Identity& caller) noexcept;

/// Sees every task.
bool sees_all(const Identity& caller) noexcept;

/// Held to the quotas. Administrators are not, whoever the task belongs to: they are who sets them.
bool has_quota(const Identity& caller) noexcept;

/// The roles that may create, edit, reassign or execute scripts.
struct ScriptRoles {
  bool admin = true;
  bool user = true;
  bool viewer = false;

  bool has(Role role) const noexcept;
};

}  // namespace taskd
