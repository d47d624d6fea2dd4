#include "inserts.hpp"

#include "rare.hpp"
#include "rows.hpp"
#include "statements.hpp"

namespace taskcore::sqlite_store {
namespace {

constexpr std::size_t kTogether = 16;

/// A failure ends the whole transaction anyway. Without FAIL, SQLite would keep a copy of every page that it writes, to
/// take back the rows of this statement alone.
constexpr const char* kInsert = "INSERT OR FAIL INTO ";

constexpr const char* kTaskValues =
    "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
/// In the order of kRunColumns; what a new run has not yet is not bound.
constexpr const char* kRunValues =
    "(?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?, ?, ?, ?, NULL, ?, ?, NULL, ?, NULL, ?, ?, ?, ?, NULL, ?, NULL, NULL, "
    "NULL, NULL, NULL)";

/// A line begins with its first run; one that is there stays as it is.
constexpr const char* kInsertLines =
    "INSERT OR IGNORE INTO lines (in_queue, at_priority, of_key, first_at, first_run, gone) VALUES ";
constexpr const char* kLineValues = "(?, ?, ?, ?, ?, 0)";
constexpr const char* kPlaceColumns = "line_places (in_queue, at_priority, of_key, ready_from, run)";
constexpr const char* kPlaceValues = "(?, ?, ?, ?, ?)";

constexpr const char* kAuditValues = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

void bind_row(Use& use, const RunRow& row) {
  use.bind_all(row.id, row.task, row.state, row.fence, row.priority, row.ready_at, row.due_at, row.created_at,
               row.started_at, row.scheduled_for, row.trigger, row.attempt, row.task_version, row.attempt_started_at,
               row.attempt_status, row.delayed, unless_zero(row.item_of), Text{row.queue}, Text{row.concurrency_key},
               row.node);
  use.bind_copy(rare_text(row));
  use.bind_all(row.params);
}

void bind_row(Use& use, const TaskRow& row) {
  const TaskState& state = row.state;
  use.bind_all(row.key, state.next_due, state.live, state.running, state.last_run, state.last_settled,
               state.last_status, state.last_completed, state.schedule_runs, row.version, row.priority, row.created_at,
               row.updated_at, row.anchor, row.once, row.paused, row.deleted, Text{row.id}, row.type, row.created_by,
               row.name);
  for (const std::string& list :
       {list_text(row.tags), list_text(row.assigned_to), list_text(row.upstreams), list_text(state.consumed)}) {
    use.bind_copy(list);
  }
  use.bind_all(row.calendar, row.unique_key, row.description, row.spec);
}

void bind_row(Use& use, const AuditEntry& row) {
  use.bind_all(row.seq, row.at, Text{row.hash}, row.actor, row.role, row.action, row.target, row.outcome,
               row.request_id, row.before, row.after);
}

void bind_row(Use& use, const LinePlace& place) {
  use.bind_all(Text{place.queue}, place.priority, Text{place.key}, place.ready_at, place.run);
}

std::string repeated(const std::string& values, std::size_t times) {
  std::string out = values;
  while (--times > 0) out += ", " + values;
  return out;
}

}  // namespace

bool is_new(const RunRow& row) noexcept {
  return !is_settled(row.state) && !row.finished_at && !row.attempt_finished_at && row.reason.empty() &&
         row.result.empty() && row.error.empty() && row.checkpoint.empty() && row.past_attempts.empty() &&
         row.signal_value.empty() && row.workflow == 0 && row.retry_of == 0;
}

template <class Row>
Inserts::Queue<Row>::Queue(Db& db, const std::string& into, const std::string& values)
    : one(db, into + values), many(db, into + repeated(values, kTogether)) {}

template <class Row>
Result<void> Inserts::Queue<Row>::add(const Row& row) {
  rows.push_back(row);
  return rows.size() < kTogether ? Result<void>() : write();
}

template <class Row>
Result<void> Inserts::Queue<Row>::write() {
  Result<void> done;
  if (rows.size() == kTogether) {
    Use use(many);
    for (const Row& row : rows) bind_row(use, row);
    done = use.run();
  } else {
    for (const Row& row : rows) {
      Use use(one);
      bind_row(use, row);
      if (done = use.run(); !done) break;
    }
  }
  rows.clear();
  return done;
}

Inserts::Inserts(Db& db)
    : tasks_(db, std::string(kInsert) + "tasks (" + kTaskColumns + ") VALUES ", kTaskValues),
      runs_(db, std::string(kInsert) + "runs (" + kRunColumns + ") VALUES ", kRunValues),
      audit_(db, std::string(kInsert) + "audit (" + kAuditColumns + ") VALUES ", kAuditValues),
      lines_(db, kInsertLines, kLineValues),
      places_(db, std::string(kInsert) + kPlaceColumns + " VALUES ", kPlaceValues) {}

Result<void> Inserts::add(const TaskRow& row) { return tasks_.add(row); }
Result<void> Inserts::add(const RunRow& row) { return runs_.add(row); }
Result<void> Inserts::add(const AuditEntry& row) { return audit_.add(row); }
Result<void> Inserts::add_to_line(const RunRow& row) {
  const LinePlace place{row.queue, row.priority, row.concurrency_key, row.ready_at, row.id};
  if (auto added = lines_.add(place); !added) return added;
  return places_.add(place);
}

Result<void> Inserts::write() {
  if (auto done = tasks_.write(); !done) return done;
  if (auto done = runs_.write(); !done) return done;
  if (auto done = lines_.write(); !done) return done;
  if (auto done = places_.write(); !done) return done;
  return audit_.write();
}

void Inserts::forget() noexcept {
  tasks_.rows.clear();
  runs_.rows.clear();
  audit_.rows.clear();
  lines_.rows.clear();
  places_.rows.clear();
}

}  // namespace taskcore::sqlite_store
