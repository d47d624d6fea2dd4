// Materialising: instants that have passed become runs, or are recorded as skipped.
#pragma once

#include "engine/ledger.hpp"

namespace taskcore {

/// Makes the runs of a task whose `next_due` has come, and moves it on.
void make_due_runs(Ledger& ledger, Entry& entry);

/// Works off the tasks that are due, oldest instant first, a bounded number.
void materialise(Ledger& ledger);

}  // namespace taskcore
