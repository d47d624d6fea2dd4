// The tables of the database file, and the way from older ones.
#pragma once

#include "db.hpp"

namespace taskcore::sqlite_store {

/// Makes or migrates the tables, all or nothing. Errors: `invalid`, when the file was made by a newer version or by
/// another program (nothing is changed then); `corrupt`, when it is not a database.
Result<void> migrate(Db& db, const std::string& path);

}  // namespace taskcore::sqlite_store
