// What users do to many runs at once, inside the store's transaction.
#pragma once

#include "engine/ledger.hpp"
#include "engine/selection.hpp"
#include "taskcore/scheduler.hpp"

namespace taskcore {

/// All or nothing. Errors: `overloaded` (a task would have more than 10,000 runs waiting), `over_quota`.
Result<BulkRuns> do_bulk(Ledger& ledger, BulkVerb verb, const ChosenRuns& chosen, const TaskGuard& guard);

}  // namespace taskcore
