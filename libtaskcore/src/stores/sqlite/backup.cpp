// Backups: what a snapshot may be called.
#include "lock_file.hpp"
#include "snapshot.hpp"

namespace taskcore {

using namespace sqlite_store;

Result<void> backup_sqlite(const std::string& from, const std::string& to, const SqliteBackupOptions& options) {
  const std::string path = true_path(from);
  const auto database = file_id(path);
  if (!database) return fail(Errc::unavailable, path + ": there is no such file, or it cannot be reached.");
  const auto there = file_id(to);
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
    if (there && there == file_id(path + suffix)) {
      return fail(Errc::invalid, to + " is a file of the database itself; name another one.");
    }
  }
  if (there && !options.replace) return fail(Errc::conflict, to + " is there already.");
  Snapshot snapshot;
  if (auto taken = snapshot.take(path, to, options.on_progress); !taken) return taken;
  return snapshot.name(options.replace);
}

}  // namespace taskcore
