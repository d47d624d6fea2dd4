// The tables of the database file, and the way from older ones.
#pragma once

#include <cstddef>
#include <cstdint>

#include "db.hpp"

namespace taskcore::sqlite_store {

/// The number of the newest format.
std::int64_t newest_format() noexcept;

/// The number of a file's format; 0 for a file without tables. Errors: `invalid` and `corrupt`, as below.
Result<std::int64_t> read_format(Db& db, const std::string& path);

/// Makes or migrates the tables, all or nothing. Errors: `invalid`, when the file was made by a newer version or by
/// another program (nothing is changed then); `corrupt`, when it is not a database. A version to stop at is for tests
/// of what becomes of older files.
Result<void> migrate(Db& db, const std::string& path, std::size_t last = SIZE_MAX);

}  // namespace taskcore::sqlite_store
