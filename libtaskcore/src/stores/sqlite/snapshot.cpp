#include "snapshot.hpp"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "check.hpp"
#include "lock_file.hpp"

namespace taskcore::sqlite_store {
namespace {

constexpr int kPagesAtOnce = 1024;
constexpr std::size_t kCacheBytes = 8 * 1024 * 1024;

/// The reader's transaction holds one state of the database: without it the copy would begin anew with each commit.
Result<void> hold(Db& db) {
  if (auto begun = db.exec("BEGIN"); !begun) return begun;
  const auto looked = db.number("SELECT count(*) FROM sqlite_schema");
  if (!looked) return looked.error();
  return {};
}

Result<void> copy_pages(Db& from, Db& to, const SqliteProgress& on_progress) {
  const std::unique_ptr<sqlite3_backup, decltype(&sqlite3_backup_finish)> owner(
      sqlite3_backup_init(to.handle(), "main", from.handle(), "main"), sqlite3_backup_finish);
  sqlite3_backup* const copy = owner.get();
  if (copy == nullptr) return to.error(sqlite3_extended_errcode(to.handle()));
  int code = SQLITE_OK;
  while (code == SQLITE_OK) {
    code = sqlite3_backup_step(copy, kPagesAtOnce);
    const int total = sqlite3_backup_pagecount(copy);
    if (on_progress) {
      on_progress(static_cast<std::size_t>(total - sqlite3_backup_remaining(copy)), static_cast<std::size_t>(total));
    }
  }
  if (code != SQLITE_DONE) return to.error(code);
  return {};
}

Result<void> fill(const std::string& from, const std::string& to, const SqliteProgress& on_progress) {
  Db source;
  if (auto opened = source.open({.path = from}); !opened) return opened;
  if (auto held = hold(source); !held) return held;
  Db target;
  if (auto opened = target.open({.path = to, .writes = true, .cache_bytes = kCacheBytes}); !opened) return opened;
  // Nothing of it counts before its end, so it is synced once, there.
  if (auto set = target.exec("PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF"); !set) return set;
  if (auto copied = copy_pages(source, target, on_progress); !copied) return copied;
  // Else the copy would be in WAL mode, as its source is, and whoever reads it would leave files beside it.
  if (auto set = target.exec("PRAGMA journal_mode=DELETE"); !set) return set;
  return quick_check(target, from);
}

std::string folder_of(const std::string& path) { return std::filesystem::path(path).parent_path().string(); }

}  // namespace

Result<void> Snapshot::take(const std::string& from, const std::string& to, const SqliteProgress& on_progress) {
  discard();
  // In a container every process has the same id, and what a killed one has left is not to be in the way.
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  const std::string file = to + ".new." + std::to_string(::getpid()) + "." + std::to_string(now);
  if (auto made = make_file(file, true); !made) return made;
  file_ = file;
  to_ = to;
  if (auto filled = fill(from, file, on_progress); !filled) return filled;
  return sync_path(file);
}

Result<void> Snapshot::name(bool replace) {
  // SQLite would take them for the log of the file that comes to lie beside them.
  for (const char* suffix : {"-wal", "-journal"}) {
    if (!file_id(to_ + suffix)) continue;
    return fail(Errc::conflict, to_ + suffix + " belongs to another database; move it away.");
  }
  // A link is refused where there is one already, also where that was made just now.
  const int failed = replace ? std::rename(file_.c_str(), to_.c_str()) : ::link(file_.c_str(), to_.c_str());
  if (failed != 0 && errno == EEXIST) return fail(Errc::conflict, to_ + " is there already.");
  if (failed != 0) {
    return fail(Errc::unavailable, to_ + ": cannot be given this name (" + std::strerror(errno) + ").");
  }
  if (replace) file_.clear();
  discard();
  return sync_path(folder_of(to_));
}

void Snapshot::discard() noexcept {
  if (file_.empty()) return;
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) ::unlink((file_ + suffix).c_str());
  file_.clear();
}

}  // namespace taskcore::sqlite_store
