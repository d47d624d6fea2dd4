// The edges of the dependency graph, inside the store's transaction: names to keys, cycles refused, an upstream's
// removal.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/ledger.hpp"
#include "taskcore/scheduler.hpp"

namespace taskcore {

/// The error for a circle that is spelled out in `path`.
Error cycle_error(const std::string& path);

/// The keys of `spec.dependencies`. `self` is the task that is edited; none for a new one. Errors: `invalid` for an
/// unknown one (or one that `may_depend_on` refuses and that the task does not have yet), `cycle` with the cycle
/// spelled out.
Result<std::vector<TaskKey>> resolve_dependencies(Ledger& ledger, const TaskSpec& spec, const Entry* self,
                                                  const TaskGuard& may_depend_on);

/// Takes `upstream`, which is being removed, out of `dependent`, whose waiting runs end cancelled: what they waited for
/// will never come. One that runs after its dependencies begins anew with those that are left; without any its schedule
/// becomes "manual".
void drop_dependency(Ledger& ledger, Entry& dependent, const TaskRow& upstream);

}  // namespace taskcore
