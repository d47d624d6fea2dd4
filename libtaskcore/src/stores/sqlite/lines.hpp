// The ready runs that have a concurrency key, in lines: one for each queue, priority and key, in the order of
// (ready_at, id). Keys take turns, so runs that are claimed one after the other stand in different lines, each on a
// page of its own when the lines are long. Their places therefore stay when they go: the line's first moves on, which
// is written beside that of the next line, and what is before the first is removed many at a time.
#pragma once

#include "inserts.hpp"
#include "statements.hpp"

namespace taskcore::sqlite_store {

/// Of a row it reads what is its place: `id`, `queue`, `priority`, `ready_at`, and `concurrency_key`, which is not
/// empty and never changes.
class Lines {
 public:
  Lines(WriteStatements& sql, Inserts& inserts) : sql_(sql), inserts_(inserts) {}

  /// A new run, with the highest id, that is ready. It waits in Inserts, unless it is older than the newest of those
  /// that came before it: then it is put in its place at once.
  Result<void> enter_new(const RunRow& row);
  /// A stored run becomes ready.
  Result<void> enter(const RunRow& row);
  /// The run, which was ready, is so no longer, or has another place.
  Result<void> leave(const RunRow& place);
  /// The same if it is the first of its line. Else gives false.
  Result<bool> leave_as_first(const RunRow& row);
  /// What was done in this transaction is undone.
  void forget() noexcept { last_first_.reset(); }

 private:
  Result<void> move(const RunRow& line, TimePoint first_at, RunKey first_run, std::int64_t gone);

  WriteStatements& sql_;
  Inserts& inserts_;
  std::optional<TimePoint> last_first_{};  ///< No line's first is later.
};

}  // namespace taskcore::sqlite_store
