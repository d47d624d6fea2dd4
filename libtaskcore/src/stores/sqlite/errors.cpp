// The mapping; extended result codes are on for every connection.
#include "errors.hpp"

#include <cerrno>

namespace taskcore::sqlite_store {
namespace {

bool is_full(int code, int system_errno) {
  if ((code & 0xff) == SQLITE_FULL) return true;
  // A full disk shows as an I/O error where SQLite grows a file by other means than writing pages, and so do limits.
  return (code & 0xff) == SQLITE_IOERR && (system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EFBIG);
}

Errc kind_of(int code, int system_errno) {
  if (is_full(code, system_errno)) return Errc::storage_full;
  if (is_failed_sync(code)) return Errc::internal;
  if (code == SQLITE_IOERR_CORRUPTFS) return Errc::corrupt;
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Errc::corrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_NOMEM:
    case SQLITE_IOERR:
    case SQLITE_INTERRUPT:
    case SQLITE_PROTOCOL:
      return Errc::unavailable;
    default:
      return Errc::internal;
  }
}

const char* meaning_of(Errc kind, int code) {
  if (kind == Errc::storage_full) return "the disk is full";
  if (kind == Errc::corrupt) return (code & 0xff) == SQLITE_NOTADB ? "is not a database" : "is damaged";
  if ((code & 0xff) == SQLITE_BUSY) return "another program holds a lock on it";
  if (is_failed_sync(code)) return "a sync failed, so the last commit may be on the disk or not";
  return kind == Errc::internal ? "refused what was asked of it" : "cannot be used";
}

}  // namespace

bool is_failed_sync(int code) noexcept { return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC; }

bool is_failed_index(int code) noexcept {
  switch (code) {
    case SQLITE_NOMEM:
    case SQLITE_IOERR_NOMEM:
    case SQLITE_IOERR_SHMOPEN:
    case SQLITE_IOERR_SHMSIZE:
    case SQLITE_IOERR_SHMMAP:
      return true;
    default:
      return false;
  }
}

Error error_of(int code, sqlite3* db, const std::string& path) {
  const int system_errno = db != nullptr ? sqlite3_system_errno(db) : 0;
  const Errc kind = kind_of(code, system_errno);
  const char* words = db != nullptr && sqlite3_extended_errcode(db) == code ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  return fail(kind, path + ": " + meaning_of(kind, code) + " (SQLite " + std::to_string(code) + ": " + words + ").");
}

}  // namespace taskcore::sqlite_store
