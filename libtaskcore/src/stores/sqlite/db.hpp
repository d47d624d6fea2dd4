// A connection to a SQLite file, and its prepared statements: thin owners that turn result codes into errors.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <string>

#include "taskcore/result.hpp"

namespace taskcore::sqlite_store {

/// One connection, used by one thread at a time.
class Db {
 public:
  struct Settings {
    std::string path;
    bool writes = false;
    bool full_sync = true;
    std::size_t cache_bytes = 0;
  };

  Db() = default;
  Db(const Db&) = delete;
  Db& operator=(const Db&) = delete;
  ~Db() { close(); }

  /// Connects and sets the connection up; reads nothing of the file yet.
  Result<void> open(const Settings& settings);
  void close() noexcept;

  Result<void> exec(const std::string& sql);
  /// The first column of the first row, as an integer.
  Result<std::int64_t> number(const std::string& sql);

  bool in_transaction() const noexcept { return sqlite3_get_autocommit(handle_) == 0; }
  bool is_open() const noexcept { return handle_ != nullptr; }
  sqlite3* handle() const noexcept { return handle_; }
  Error error(int code) const;

  /// Whether a sync has failed, here or in a checkpoint: what the kernel says of the file is not to be trusted any
  /// more.
  bool sync_failed() const noexcept { return sync_failed_; }
  bool met_damage() const noexcept { return met_damage_; }
  void note(int code) noexcept;

 private:
  static int checkpoint_when_long(void* self, sqlite3* handle, const char* name, int pages);

  sqlite3* handle_ = nullptr;
  std::string path_{};
  bool sync_failed_ = false;
  bool met_damage_ = false;
};

/// A statement that is compiled at its first use and then kept.
class Stmt {
 public:
  Stmt(Db& db, std::string sql) : db_(db), sql_(std::move(sql)) {}
  Stmt(const Stmt&) = delete;
  Stmt& operator=(const Stmt&) = delete;
  ~Stmt() { sqlite3_finalize(handle_); }

  /// SQLITE_OK, or why it could not be compiled.
  int prepare();

  Db& db() const noexcept { return db_; }
  sqlite3_stmt* handle() const noexcept { return handle_; }

 private:
  Db& db_;
  std::string sql_;
  sqlite3_stmt* handle_ = nullptr;
};

}  // namespace taskcore::sqlite_store
