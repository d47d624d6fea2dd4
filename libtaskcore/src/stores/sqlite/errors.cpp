// The mapping; extended result codes are on for every connection.
#include "errors.hpp"

#include <cerrno>

namespace taskcore::sqlite_store {
namespace {

/// What the system said when it last refused a call on that file; 0: it never did, or nobody knows.
int last_errno(sqlite3* db, int which_file) noexcept {
  sqlite3_file* file = nullptr;
  int number = 0;
  if (sqlite3_file_control(db, "main", which_file, &file) != SQLITE_OK || file == nullptr) return 0;
  if (file->pMethods != nullptr) file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &number);
  return number;
}

bool is_limit(int system_errno) noexcept {
  return system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EFBIG;
}

bool is_full(int code, sqlite3* db) noexcept {
  if ((code & 0xff) == SQLITE_FULL) return true;
  if ((code & 0xff) != SQLITE_IOERR || db == nullptr) return false;
  // A full disk shows as an I/O error where SQLite grows a file by other means than writing pages, and so do limits.
  // By now the connection may have forgotten why a write failed, but the files have not.
  if (is_limit(sqlite3_system_errno(db))) return true;
  return code == SQLITE_IOERR_WRITE && (is_limit(last_errno(db, SQLITE_FCNTL_JOURNAL_POINTER)) ||
                                        is_limit(last_errno(db, SQLITE_FCNTL_FILE_POINTER)));
}

Errc kind_of(int code, sqlite3* db) {
  if (is_failed_sync(code)) return Errc::internal;
  if (is_full(code, db)) return Errc::storage_full;
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
  const char* words = db != nullptr && sqlite3_extended_errcode(db) == code ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  const Errc kind = kind_of(code, db);
  return fail(kind, path + ": " + meaning_of(kind, code) + " (SQLite " + std::to_string(code) + ": " + words + ").");
}

}  // namespace taskcore::sqlite_store
