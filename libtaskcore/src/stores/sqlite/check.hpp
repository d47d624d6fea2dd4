// Looking for damage in a database file. What is examined in full is told by check_sqlite() in stores/sqlite.hpp.
#pragma once

#include <string>

#include "db.hpp"

namespace taskcore::sqlite_store {

/// Whether the file's pages are in order: reads them all, but compares no index with its table.
/// Errors: `corrupt`, with the first thing that is wrong.
Result<void> quick_check(Db& db, const std::string& path);

}  // namespace taskcore::sqlite_store
