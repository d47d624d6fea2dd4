// Taking possession of the file, giving it back, and transactions.
#include "check.hpp"
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
  path_ = true_path(options_.path);
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
  // Once: when it is opened anew after a failed sync, the file is the one that has been looked at.
  if (lock_.was_left() && options_.check_after_crash && !is_examined_) {
    if (auto sound = quick_check(db, path); !sound) return sound;
  }
  is_examined_ = true;
  if (auto migrated = migrate(db, path); !migrated) return migrated;
  Use use(session_->sql.last_keys);
  if (use.next()) use.get(session_->last.task, session_->last.run, session_->last.log);
  if (use.failed()) return use.failure();
  session_->committed = session_->last;
  file_ = file_id(path);
  log_path_ = path + "-wal";
  log_ = file_id(log_path_);
  return {};
}

Result<void> SqliteStore::check_in_place() const {
  if (file_id(path_) == file_ && file_id(log_path_) == log_) return {};
  return fail(Errc::unavailable, path_ +
                                     ": the database or its -wal file was removed or replaced while it was open; put "
                                     "them back, or stop and restore a backup.");
}

void SqliteStore::close() noexcept {
  bool in_order = false;
  if (session_) {
    const bool was_doubtful = is_doubtful_;
    rollback();
    is_doubtful_ = was_doubtful;
    Db& db = session_->db;
    // Leaves one file without a log, when no reader is in the way.
    if (!db.sync_failed()) {
      db.note(sqlite3_wal_checkpoint_v2(db.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr));
    }
    in_order = !db.sync_failed() && !db.met_damage();
    session_.reset();
  }
  lock_.release(in_order);
}

Result<std::unique_ptr<StoreReader>> SqliteStore::make_reader() {
  if (!session_) return closed();
  if (auto in_place = check_in_place(); !in_place) return in_place.error();
  auto reader = std::make_unique<Reader>();
  if (auto opened = reader->open({path_, false, true, options_.cache_bytes / 8}); !opened) return opened.error();
  return std::unique_ptr<StoreReader>(std::move(reader));
}

Result<void> SqliteStore::begin() {
  if (!session_) return closed();
  if (session_->db.sync_failed()) {
    return fail(Errc::internal, path_ + ": a sync of the disk failed; close the store and open it again.");
  }
  if (auto in_place = check_in_place(); !in_place) return in_place;
  // The way back is made ready first, lest it fail for want of memory.
  if (const int code = session_->sql.rollback.prepare(); code != SQLITE_OK) return session_->db.error(code);
  if (auto begun = Use(session_->sql.begin).run(); !begun) return begun;
  if (!is_doubtful_) return {};
  // A commit without a write proves nothing: after a failure each one writes something. What stays equal is not
  // written.
  return session_->db.exec("UPDATE last_keys SET log = log + 1; UPDATE last_keys SET log = log - 1");
}

Result<void> SqliteStore::settle_down() {
  if (!session_) return closed();
  return session_->inserts.write();
}

Result<void> SqliteStore::commit() {
  if (auto ready = settle_down(); !ready) return ready;
  if (auto moved = write_audit_end(); !moved) return moved;
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
  is_doubtful_ = false;
  return {};
}

void SqliteStore::rollback() noexcept {
  is_doubtful_ = true;
  if (!session_) return;
  session_->inserts.forget();
  session_->lines.forget();
  session_->audit_ends.reset();
  session_->audit_grew = false;
  session_->newest_scheduled = 0;
  // Some errors have rolled back by themselves.
  if (session_->db.in_transaction()) Use(session_->sql.rollback).next();
  session_->last = session_->committed;
}

}  // namespace taskcore::sqlite_store
