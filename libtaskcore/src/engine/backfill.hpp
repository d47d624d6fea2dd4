// Making up for instants of the past: the runs that a schedule would have made.
#pragma once

#include <string>

#include "engine/ledger.hpp"
#include "taskcore/scheduler.hpp"

namespace taskcore {

Result<Backfill> backfill_task(Ledger& ledger, const std::string& id, const BackfillRequest& request,
                               const TaskGuard& guard);

}  // namespace taskcore
