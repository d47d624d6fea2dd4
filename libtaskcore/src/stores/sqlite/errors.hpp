// What SQLite's result codes mean to a caller of the store.
#pragma once

#include <sqlite3.h>

#include <string>

#include "taskcore/result.hpp"

namespace taskcore::sqlite_store {

/// `db` may be null; then only the code speaks.
Error error_of(int code, sqlite3* db, const std::string& path);

/// Whether a sync failed: what was written may be on the disk or not, and asking again would not tell.
bool is_failed_sync(int code) noexcept;

/// Whether the index of the log failed: in a commit it is written after the log.
bool is_failed_index(int code) noexcept;

}  // namespace taskcore::sqlite_store
