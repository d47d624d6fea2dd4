// What SQLite itself does: rows of about 300 bytes with two indexes, inserted, claimed and completed in groups, one
// transaction each. WAL, synchronous=FULL, one thread, statements prepared once.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

struct sqlite3;

namespace bench {

class SqliteLife {
 public:
  explicit SqliteLife(const std::string& path);  ///< Throws when the file cannot be made.
  ~SqliteLife();
  SqliteLife(const SqliteLife&) = delete;
  SqliteLife& operator=(const SqliteLife&) = delete;

  /// Rows a second: insert alone.
  double insert(std::size_t total, std::size_t group);
  /// Rows a second: insert, claim, complete.
  double life(std::size_t total, std::size_t group);
  /// Rows a second: claim and complete alone, of as many rows that wait.
  double drain(std::size_t total, std::size_t group);
  /// Inserts one row in a transaction of its own.
  void insert_one();

 private:
  struct Statements;
  void insert_group(std::size_t group);
  void claim_group(std::size_t group);
  void complete_claimed();

  sqlite3* db_ = nullptr;
  std::unique_ptr<Statements> statements_;
  long long clock_ = 0;
};

}  // namespace bench
