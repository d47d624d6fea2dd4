// Each dropped instant leaves a line in its task's log.
#pragma once

#include "engine/due.hpp"
#include "engine/ledger.hpp"

namespace taskcore {

void record_skip(Ledger& ledger, const Entry& entry, const Skipped& skipped);

}  // namespace taskcore
