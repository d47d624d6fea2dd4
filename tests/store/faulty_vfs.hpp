// A file system for SQLite that can be told to fail. It is the process's default while it lives, and passes everything
// on.
#pragma once

#include <sqlite3.h>

namespace taskcore::store_test {

/// One at a time; made before the stores that shall use it, and outliving them.
class FaultyVfs {
 public:
  FaultyVfs();
  ~FaultyVfs();
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;

  /// From the `after`th write on, every write gives `code`; 0 heals.
  void fail_writes(int code, int after = 0);
  /// Every sync gives `code`; 0 heals.
  void fail_syncs(int code);
  int syncs() const;

 private:
  sqlite3_vfs vfs_{};
};

}  // namespace taskcore::store_test
