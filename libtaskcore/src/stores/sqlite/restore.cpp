// Putting a backup in a database's place. Until the last step the old database is where it was.
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>

#include "db.hpp"
#include "lock_file.hpp"
#include "snapshot.hpp"

namespace taskcore {

using namespace sqlite_store;

namespace {

/// Brings the log of a database into its file: the log must not outlive it, since SQLite would take it for that of the
/// file that comes into its place. What is too damaged for that has nothing to lose.
Result<void> end_log(const std::string& path) {
  Db db;
  auto read = db.open({.path = path, .writes = true});
  if (read) read = db.exec("SELECT count(*) FROM sqlite_schema");
  if (!read) return read.error().code == Errc::corrupt ? Result<void>() : read;
  const int code = sqlite3_wal_checkpoint_v2(db.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  if (code == SQLITE_OK || (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB) return {};
  return db.error(code);
}

/// Gives the file a second name. Nothing to do where there is none.
Result<void> keep(const std::string& path, const std::string& as) {
  if (::link(path.c_str(), as.c_str()) == 0 || errno == ENOENT) return {};
  return fail(Errc::unavailable, path + ": cannot be kept as " + as + " (" + std::strerror(errno) + ").");
}

/// As "tasks.db.before-20270131T090000Z".
std::string kept_name(const std::string& path) {
  std::string at;
  for (const char c : format_time(std::chrono::floor<Duration>(std::chrono::system_clock::now())).substr(0, 19)) {
    if (c != '-' && c != ':') at += c;
  }
  return path + ".before-" + at + "Z";
}

Result<std::string> set_aside(const std::string& path) {
  if (!file_id(path)) return std::string();
  if (auto ended = end_log(path); !ended) return ended.error();
  const std::string kept = kept_name(path);
  if (auto done = keep(path, kept); !done) return done.error();
  if (std::error_code none; std::filesystem::file_size(path + "-wal", none) > 0 && !none) {
    if (auto done = keep(path + "-wal", kept + "-wal"); !done) return done.error();
  }
  return kept;
}

}  // namespace

Result<std::string> restore_sqlite(const std::string& from, const std::string& to, const SqliteProgress& on_progress) {
  const std::string path = true_path(to);
  if (path == true_path(from)) return fail(Errc::invalid, from + " is the database itself.");
  const auto found = check_sqlite(from);
  if (!found) return found.error();
  if (!found->problems.empty()) {
    return fail(Errc::corrupt, from + " is damaged, and nothing was changed: " + found->problems.front());
  }
  LockFile lock;
  if (auto locked = lock.acquire(path); !locked) return locked.error();
  Snapshot snapshot;
  if (auto taken = snapshot.take(from, path, on_progress); !taken) return taken.error();
  const auto kept = set_aside(path);
  if (!kept) return kept;
  for (const char* suffix : {"-wal", "-shm", "-journal"}) ::unlink((path + suffix).c_str());
  if (auto named = snapshot.name(true); !named) return named.error();
  lock.release(true);
  return kept;
}

}  // namespace taskcore
