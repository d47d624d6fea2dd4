// What users do to tasks, inside the store's transaction: create, ensure, edit, remove.
#pragma once

#include <string>
#include <vector>

#include "engine/ledger.hpp"
#include "engine/prepare.hpp"
#include "taskcore/scheduler.hpp"

namespace taskcore {

Result<Task> create_task(Ledger& ledger, Prepared&& prepared, const CreateOptions& options);
Result<Task> ensure_task(Ledger& ledger, Prepared&& prepared, const CreateOptions& options);
/// Brings a task to what was prepared, `anew` as if its schedule had changed. Errors: those of an edit.
Result<Task> bring_task(Ledger& ledger, const Entry& entry, const Prepared& prepared, const CreateOptions& options,
                        bool anew);
Result<Task> update_task(Ledger& ledger, const std::string& id, const TaskEdit& edit, const EditOptions& options,
                         bool anew = false);
Result<void> remove_task(Ledger& ledger, const std::string& id, const EditOptions& options, const TaskGuard& guard);

/// What a new task that meets no conflict must pass besides its dependencies and its notifications: binds its calendar,
/// and gives it an id when it has none. Errors: `invalid`.
Result<void> check_new(Ledger& ledger, Prepared& prepared);
/// Writes a task that has passed all checks.
Task insert_new(Ledger& ledger, Prepared&& prepared, std::vector<TaskKey> upstreams, const std::string& created_by);

/// The error for a task that is not there.
Error no_such_task(std::string_view id);

/// Whether a task that is made so, or gets this schedule, has a run at once.
bool is_due(const Ledger& ledger, const Prepared& prepared);

/// What `guard` says of the task as it stands; without one it is allowed.
Result<void> ask(const TaskGuard& guard, Ledger& ledger, const Entry& entry);

/// The task of this id, if there is one and `guard` lets the caller have it.
Result<Entry*> find_guarded(Ledger& ledger, const std::string& id, const TaskGuard& guard);

}  // namespace taskcore
