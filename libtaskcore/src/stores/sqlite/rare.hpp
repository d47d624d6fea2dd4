// The RareNumbers of a run: one column for all of them, since a row costs by the column.
#pragma once

#include <string>

#include "use.hpp"

namespace taskcore::sqlite_store {

/// Those that are not as in a new run, as a JSON object; empty when there is none.
std::string rare_text(const RareNumbers& numbers);

/// Reads the column `rare`.
void read_rare(Use& use, RareNumbers& numbers);

}  // namespace taskcore::sqlite_store
