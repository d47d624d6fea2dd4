// New rows on their way into the file. A statement that inserts many rows costs little more than half of as many that
// insert one, most of it for opening each index anew; so rows wait here until enough are together or somebody looks.
#pragma once

#include <vector>

#include "taskcore/store.hpp"
#include "use.hpp"

namespace taskcore::sqlite_store {

/// Where a ready run with a concurrency key stands.
struct LinePlace {
  std::string queue;
  Priority priority;
  std::string key;
  TimePoint ready_at;
  RunKey run;
};

class Inserts {
 public:
  explicit Inserts(Db& db);

  // The rows have their keys. Neither may break a rule of uniqueness: who adds it knows. What fails may be an earlier
  // row.
  Result<void> add(const TaskRow& row);
  Result<void> add(const RunRow& row);
  Result<void> add(const AuditEntry& row);
  /// A new run behind all that stand in its line (lines.hpp), if there are any.
  Result<void> add_to_line(const RunRow& row);

  /// Writes what waits. Before anything that might see it, and before the commit.
  Result<void> write();
  void forget() noexcept;

 private:
  template <class Row>
  struct Queue {
    Queue(Db& db, const std::string& into, const std::string& values);
    Result<void> add(const Row& row);
    Result<void> write();

    Stmt one, many;
    std::vector<Row> rows{};
  };

  Queue<TaskRow> tasks_;
  Queue<RunRow> runs_;
  Queue<AuditEntry> audit_;
  Queue<LinePlace> lines_;
  Queue<LinePlace> places_;
};

/// Whether it has nothing but what Inserts writes.
bool is_new(const RunRow& row) noexcept;

}  // namespace taskcore::sqlite_store
