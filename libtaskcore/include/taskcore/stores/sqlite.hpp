// The embedded store: one SQLite file, owned by one process at a time.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "taskcore/store.hpp"

namespace taskcore {

struct SqliteOptions {
  std::string path;  ///< The database's file; its directory must exist.
  bool full_sync =
      true;  ///< A commit is on the disk before it is acknowledged. Without: a power cut may take the last ones.
  /// Page cache of the writer, which grows as pages are touched; readers use an eighth of it each. It holds what a
  /// round over a thousand concurrency keys touches. SQLite walks all of it after most commits that split a page.
  std::size_t cache_bytes = 16 * 1024 * 1024;
  /// Whether `open` looks for damage after an owner that did not close the file: it reads all of it, and gives
  /// `corrupt` where it finds some.
  bool check_after_crash = true;
};

/// A store in the file at `path`, made at `open` if it is not there. WAL mode, with "-wal" and "-shm" files beside it.
std::unique_ptr<Store> sqlite(std::string path);
std::unique_ptr<Store> sqlite(SqliteOptions options);

/// What an examination of a database found.
struct SqliteCheck {
  std::vector<std::string> problems{};  ///< One sentence each, the first hundred of a kind; empty: all is well.
  std::size_t tasks = 0;                ///< Those that were deleted, but not yet removed, left out.
  std::size_t runs = 0;
  std::size_t audit_rows = 0;  ///< Of the audit trail, whose chain holds for so many rows.
};

/// Examines the database at `path`: each page and index of the file, each row, what must hold between the rows, and the
/// chain of the audit trail (`verify_audit`). It changes nothing, needs no lock, and may go beside a store that has the
/// file open: it sees what is committed when it begins. Blocks for as long as reading the whole file takes. Errors:
/// `unavailable` (there is no such file, or it cannot be read), `invalid` (of another program, or of a newer version).
/// Damage is no error, but a problem.
Result<SqliteCheck> check_sqlite(const std::string& path);

/// How far a copy has come, in pages of the database. Called now and then, from the thread that copies.
using SqliteProgress = std::function<void(std::size_t done, std::size_t total)>;

struct SqliteBackupOptions {
  bool replace = false;  ///< Whether a file that is there may go.
  SqliteProgress on_progress{};
};

/// Writes what is committed in the database `from` when it begins into the file `to`: one file, readable by its owner
/// only, which is all there or not there at all. Goes beside a store that has the database open, and does not hold up
/// its writers; what they write meanwhile makes the "-wal" file longer. Blocks until the copy is on the disk.
/// Errors: `conflict` (`to` is there), `invalid` (it is a file of the database itself), `unavailable`, `storage_full`,
/// `corrupt` (the database is damaged; there is no backup then).
Result<void> backup_sqlite(const std::string& from, const std::string& to, const SqliteBackupOptions& options = {});

/// Puts a copy of the database `from`, which must pass `check_sqlite`, in the place of the one at `to`, or of none.
/// What was there stays beside it under the name that is the result, empty for none; were it damaged, its "-wal" file
/// stays, too. Where it fails, the old database is in its place and whole. Errors: `locked` (a store has the database
/// open), `corrupt` (`from` is damaged), `invalid`, `unavailable`, `storage_full`.
Result<std::string> restore_sqlite(const std::string& from, const std::string& to,
                                   const SqliteProgress& on_progress = {});

}  // namespace taskcore
