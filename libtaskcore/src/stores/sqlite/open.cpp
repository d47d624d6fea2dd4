// Taking possession of the file, giving it back, and transactions.
#include <filesystem>
#include <system_error>

#include "errors.hpp"
#include "rows.hpp"
#include "schema.hpp"
#include "store.hpp"

namespace taskcore {

std::unique_ptr<Store> sqlite(std::string path) { return sqlite(SqliteOptions{.path = std::move(path)}); }

std::unique_ptr<Store> sqlite(SqliteOptions options) {
  return std::make_unique<sqlite_store::SqliteStore>(std::move(options));
}

}  // namespace taskcore

namespace taskcore::sqlite_store {

Error SqliteStore::closed() { return fail(Errc::unavailable, "The store is not open."); }

Result<void> SqliteStore::open() {
  if (session_) return {};
  if (options_.path.empty()) return fail(Errc::unavailable, "The SQLite store needs the path of its file.");
  std::error_code failed;
  const auto absolute = std::filesystem::weakly_canonical(std::filesystem::absolute(options_.path, failed), failed);
  path_ = failed ? options_.path : absolute.string();
  if (auto safe = check_file_system(path_); !safe) return safe;
  if (auto locked = lock_.acquire(path_); !locked) return locked;
  // Half a session is none, even when memory ran out.
  struct GiveUp {
    ~GiveUp() {
      if (!store) return;
      store->session_.reset();
      store->lock_.release();
    }
    SqliteStore* store;
  } give_up{this};
  auto opened = open_session(path_);
  if (opened) give_up.store = nullptr;
  return opened;
}

Result<void> SqliteStore::open_session(const std::string& path) {
  if (auto made = make_file(path); !made) return made;
  session_ = std::make_unique<Session>();
  Db& db = session_->db;
  if (auto opened = db.open({path, true, options_.full_sync, options_.cache_bytes}); !opened) return opened;
  if (auto migrated = migrate(db, path); !migrated) return migrated;
  Use use(session_->sql.last_keys);
  if (use.next()) use.get(session_->last.task, session_->last.run, session_->last.log);
  if (use.failed()) return use.failure();
  session_->committed = session_->last;
  return {};
}

void SqliteStore::close() noexcept {
  if (session_) {
    rollback();
    Db& db = session_->db;
    // Leaves one file without a log, when no reader is in the way.
    if (!db.sync_failed()) {
      db.note(sqlite3_wal_checkpoint_v2(db.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr));
    }
    session_.reset();
  }
  lock_.release();
}

Result<std::unique_ptr<StoreReader>> SqliteStore::make_reader() {
  if (!session_) return closed();
  auto reader = std::make_unique<Reader>();
  if (auto opened = reader->open({path_, false, true, options_.cache_bytes / 4}); !opened) return opened.error();
  return std::unique_ptr<StoreReader>(std::move(reader));
}

Result<void> SqliteStore::begin() {
  if (!session_) return closed();
  if (session_->db.sync_failed()) {
    return fail(Errc::internal, path_ + ": a sync of the disk failed; close the store and open it again.");
  }
  // The way back is made ready first, lest it fail for want of memory.
  if (const int code = session_->sql.rollback.prepare(); code != SQLITE_OK) return session_->db.error(code);
  return Use(session_->sql.begin).run();
}

Result<void> SqliteStore::settle_down() {
  if (!session_) return closed();
  return session_->inserts.write();
}

Result<void> SqliteStore::commit() {
  if (auto ready = settle_down(); !ready) return ready;
  session_->newest_scheduled = 0;
  Use use(session_->sql.commit);
  use.next();
  if (use.failed()) {
    Error failed = use.failure();
    // The log may hold all of it by now: what is rolled back here would be there after a crash.
    if (is_failed_index(use.code())) failed.code = Errc::internal;
    return failed;
  }
  session_->committed = session_->last;
  return {};
}

void SqliteStore::rollback() noexcept {
  if (session_) session_->inserts.forget();
  if (session_) session_->newest_scheduled = 0;
  // Some errors have rolled back by themselves.
  if (session_ && session_->db.in_transaction()) Use(session_->sql.rollback).next();
  if (session_) session_->last = session_->committed;
}

}  // namespace taskcore::sqlite_store
