// The numbers that few runs have: one column for all of them, since a row costs by the column.
#pragma once

#include <string>

#include "use.hpp"

namespace taskcore::sqlite_store {

/// Those that are not as in a new RunRow, as a JSON object; empty when there is none.
std::string rare_text(const RunRow& row);

/// Reads the column `rare`.
void read_rare(Use& use, RunRow& row);

}  // namespace taskcore::sqlite_store
