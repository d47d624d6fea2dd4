// Materialising: instants that have passed become runs, or are recorded as skipped.
#pragma once

#include "engine/ledger.hpp"

namespace taskcore {

/// Works off the tasks that are due, oldest instant first, a bounded number.
void materialise(Ledger& ledger);

}  // namespace taskcore
