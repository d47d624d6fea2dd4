// Connection settings and their reasons.
#include "db.hpp"

#include "errors.hpp"

namespace taskcore::sqlite_store {
namespace {

// A checkpoint runs inside a commit. Seldom and larger is cheaper in all, since it writes each changed page once; but
// that commit takes longer, and so long does the log become (32 MB).
constexpr int kCheckpointPages = 8000;
constexpr int kBusyTimeoutMs = 1000;

}  // namespace

Result<void> Db::open(const Settings& settings) {
  path_ = settings.path;
  const int access = settings.writes ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  const int code = sqlite3_open_v2(path_.c_str(), &handle_, access | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) {
    const Error failed = error(code);
    close();
    return failed;
  }
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_busy_timeout(handle_, kBusyTimeoutMs);
  for (const int quoted_text : {SQLITE_DBCONFIG_DQS_DDL, SQLITE_DBCONFIG_DQS_DML}) {
    sqlite3_db_config(handle_, quoted_text, 0, nullptr);
  }
  // Else a statement is prepared anew for each other value of a parameter that a partial index could hang on.
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_QPSG, 1, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  // Distributions differ in these defaults; zeroing what is deleted costs much and protects little.
  std::string pragmas = "PRAGMA secure_delete=OFF; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0; PRAGMA cache_size=-" +
                        std::to_string(settings.cache_bytes / 1024 + 1);
  if (settings.writes) {
    sqlite3_wal_hook(handle_, checkpoint_when_long, this);
    pragmas += settings.full_sync ? "; PRAGMA synchronous=FULL" : "; PRAGMA synchronous=NORMAL";
  } else {
    pragmas += "; PRAGMA query_only=ON";
  }
  return exec(pragmas);
}

void Db::close() noexcept {
  if (handle_ == nullptr) return;
  // After a failed sync the log may be the only good copy: it stays, for the next opening to read.
  if (sync_failed_) sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_close(handle_);
  handle_ = nullptr;
  sync_failed_ = false;
}

Result<void> Db::exec(const std::string& sql) {
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return {};
  note(code);
  return error(code);
}

Result<std::int64_t> Db::number(const std::string& sql) {
  sqlite3_stmt* stmt = nullptr;
  int code = sqlite3_prepare_v2(handle_, sql.c_str(), -1, &stmt, nullptr);
  std::int64_t value = 0;
  if (code == SQLITE_OK) {
    code = sqlite3_step(stmt);
    if (code == SQLITE_ROW) value = sqlite3_column_int64(stmt, 0);
  }
  const bool good = code == SQLITE_ROW || code == SQLITE_DONE;
  const Error failed = good ? Error{} : error(code);
  sqlite3_finalize(stmt);
  if (good) return value;
  return failed;
}

Error Db::error(int code) const { return error_of(code, handle_, path_); }

void Db::note(int code) noexcept {
  if (is_failed_sync(code)) sync_failed_ = true;
  if ((code & 0xff) == SQLITE_CORRUPT) met_damage_ = true;
}

int Db::checkpoint_when_long(void* self, sqlite3* handle, const char* name, int pages) {
  if (pages < kCheckpointPages) return SQLITE_OK;
  // The commit is done, so a checkpoint that fails is tried again after a later one; but not after a failed sync.
  static_cast<Db*>(self)->note(sqlite3_wal_checkpoint_v2(handle, name, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr));
  return SQLITE_OK;
}

int Stmt::prepare() {
  if (handle_ != nullptr) return SQLITE_OK;
  return sqlite3_prepare_v3(db_.handle(), sql_.c_str(), static_cast<int>(sql_.size()) + 1, SQLITE_PREPARE_PERSISTENT,
                            &handle_, nullptr);
}

}  // namespace taskcore::sqlite_store
