#include "raw/sqlite_life.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "harness/closed_loop.hpp"
#include "harness/measure.hpp"

namespace bench {
namespace {

constexpr const char* kSchema =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8192; PRAGMA temp_store=MEMORY;"
    "CREATE TABLE jobs (id INTEGER PRIMARY KEY, state INTEGER NOT NULL, task INTEGER NOT NULL, ready_at INTEGER NOT "
    "NULL,"
    " created_at INTEGER NOT NULL, started_at INTEGER, finished_at INTEGER, queue TEXT NOT NULL, params TEXT, result "
    "TEXT);"
    "CREATE INDEX jobs_ready ON jobs (state, ready_at);"
    "CREATE INDEX jobs_by_task ON jobs (task, created_at);";

class Statement {
 public:
  Statement(sqlite3* db, const char* sql) {
    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr) != SQLITE_OK) {
      throw std::runtime_error(sqlite3_errmsg(db));
    }
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  void bind(int at, long long value) { sqlite3_bind_int64(statement_, at, value); }
  void bind(int at, const std::string& text) {
    sqlite3_bind_text(statement_, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  }
  bool row() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    sqlite3_reset(statement_);
    if (code != SQLITE_DONE) throw std::runtime_error("SQLite step: " + std::to_string(code));
    return false;
  }
  void run() { row(); }
  long long number(int column) { return sqlite3_column_int64(statement_, column); }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace

struct SqliteLife::Statements {
  explicit Statements(sqlite3* db)
      : begin(db, "BEGIN IMMEDIATE"),
        commit(db, "COMMIT"),
        insert(db,
               "INSERT INTO jobs (state, task, ready_at, created_at, queue, params) VALUES (0, 1, ?, ?, 'default', ?)"),
        ready(db, "SELECT id, params FROM jobs WHERE state = 0 AND ready_at <= ? ORDER BY ready_at LIMIT ?"),
        claim(db, "UPDATE jobs SET state = 1, started_at = ? WHERE id = ? AND state = 0"),
        complete(db, "UPDATE jobs SET state = 2, finished_at = ?, result = 'null' WHERE id = ? AND state = 1") {}
  Statement begin, commit, insert, ready, claim, complete;
  std::vector<long long> claimed{};
};

SqliteLife::SqliteLife(const std::string& path) {
  if (sqlite3_open(path.c_str(), &db_) != SQLITE_OK) throw std::runtime_error("cannot open " + path);
  if (sqlite3_exec(db_, kSchema, nullptr, nullptr, nullptr) != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(db_));
  statements_ = std::make_unique<Statements>(db_);
}

SqliteLife::~SqliteLife() {
  statements_.reset();
  sqlite3_close(db_);
}

void SqliteLife::insert_group(std::size_t group) {
  Statements& s = *statements_;
  s.begin.run();
  for (std::size_t i = 0; i < group; ++i) {
    ++clock_;
    s.insert.bind(1, clock_);
    s.insert.bind(2, clock_);
    s.insert.bind(3, payload());
    s.insert.run();
  }
  s.commit.run();
}

void SqliteLife::claim_group(std::size_t group) {
  Statements& s = *statements_;
  s.begin.run();
  s.claimed.clear();
  s.ready.bind(1, clock_);
  s.ready.bind(2, static_cast<long long>(group));
  while (s.ready.row()) s.claimed.push_back(s.ready.number(0));
  for (const long long id : s.claimed) {
    s.claim.bind(1, clock_);
    s.claim.bind(2, id);
    s.claim.run();
  }
  s.commit.run();
}

void SqliteLife::complete_claimed() {
  Statements& s = *statements_;
  s.begin.run();
  for (const long long id : s.claimed) {
    s.complete.bind(1, clock_);
    s.complete.bind(2, id);
    s.complete.run();
  }
  s.commit.run();
}

double SqliteLife::insert(std::size_t total, std::size_t group) {
  const auto start = now();
  for (std::size_t done = 0; done < total; done += group) insert_group(group);
  return static_cast<double>(total) / seconds_since(start);
}

double SqliteLife::life(std::size_t total, std::size_t group) {
  const auto start = now();
  for (std::size_t done = 0; done < total; done += group) {
    insert_group(group);
    claim_group(group);
    complete_claimed();
  }
  return static_cast<double>(total) / seconds_since(start);
}

double SqliteLife::drain(std::size_t total, std::size_t group) {
  const auto start = now();
  for (std::size_t done = 0; done < total; done += group) {
    claim_group(std::min(group, total - done));
    complete_claimed();
  }
  return static_cast<double>(total) / seconds_since(start);
}

void SqliteLife::insert_one() { insert_group(1); }

}  // namespace bench
