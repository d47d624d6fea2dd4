// The embedded store: one SQLite file, owned by one process at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "taskcore/store.hpp"

namespace taskcore {

struct SqliteOptions {
  std::string path;  ///< The database's file; its directory must exist.
  bool full_sync =
      true;  ///< A commit is on the disk before it is acknowledged. Without: a power cut may take the last ones.
  std::size_t cache_bytes = 8 * 1024 * 1024;  ///< Page cache of the writer; readers use a quarter of it each.
};

/// A store in the file at `path`, made at `open` if it is not there. WAL mode, with "-wal" and "-shm" files beside it.
std::unique_ptr<Store> sqlite(std::string path);
std::unique_ptr<Store> sqlite(SqliteOptions options);

}  // namespace taskcore
