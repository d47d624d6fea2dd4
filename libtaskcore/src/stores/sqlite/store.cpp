// The writing verbs on tasks, runs, logs and nodes: what is bound to which statement.
#include "store.hpp"

#include <algorithm>

#include "rare.hpp"
#include "rows.hpp"

namespace taskcore::sqlite_store {

Result<TaskKey> SqliteStore::new_task_key() { return ++session_->last.task; }

Result<void> SqliteStore::insert_task(TaskRow& row) {
  if (row.key == 0) row.key = ++session_->last.task;
  if (auto added = session_->inserts.add(row); !added) return added;
  return write_links(row);
}

Result<void> SqliteStore::update_task(const TaskRow& row) {
  if (auto ready = settle_down(); !ready) return ready;
  const TaskState& state = row.state;
  const std::string tags = list_text(row.tags);
  const std::string assigned_to = list_text(row.assigned_to);
  const std::string upstreams = list_text(row.upstreams);
  const std::string consumed = list_text(state.consumed);
  const auto updated =
      Use(session_->sql.update_task, state.next_due, state.live, state.running, state.last_run, state.last_settled,
          state.last_status, state.last_completed, state.schedule_runs, row.version, row.priority, row.updated_at,
          row.anchor, row.once, row.paused, row.deleted, row.type, row.name, tags, assigned_to, upstreams, consumed,
          row.calendar, row.unique_key, row.description, row.spec, row.key)
          .count();
  if (!updated) return updated.error();
  if (*updated == 0) return {};
  if (auto done = Use(session_->sql.remove_edges, row.key).run(); !done) return done;
  if (auto done = Use(session_->sql.remove_assignments, row.key).run(); !done) return done;
  return write_links(row);
}

Result<void> SqliteStore::write_links(const TaskRow& row) {
  for (const TaskKey upstream : row.upstreams) {
    if (auto done = Use(session_->sql.insert_edge, upstream, row.key).run(); !done) return done;
  }
  for (const std::string& user : row.assigned_to) {
    if (auto done = Use(session_->sql.insert_assignment, Text{user}, row.key).run(); !done) return done;
  }
  return {};
}

Result<void> SqliteStore::update_task_state(TaskKey key, const TaskState& state) {
  if (auto ready = settle_down(); !ready) return ready;
  const std::string consumed = list_text(state.consumed);
  const auto updated = Use(session_->sql.update_state, state.live, state.running, state.last_run, state.last_settled,
                           state.last_status, state.last_completed, state.schedule_runs, key, state.next_due, consumed)
                           .count();
  if (!updated) return updated.error();
  if (*updated > 0) return {};
  return Use(session_->sql.update_whole_state, state.live, state.running, state.last_run, state.last_settled,
             state.last_status, state.last_completed, state.schedule_runs, state.next_due, consumed, key)
      .run();
}

Result<void> SqliteStore::put_calendar(const CalendarRow& row) {
  return Use(session_->sql.put_calendar, Text{row.name}, row.updated_at, row.spec).run();
}

Result<void> SqliteStore::remove_calendar(std::string_view name) {
  return Use(session_->sql.remove_calendar, Text{name}).run();
}

Result<void> SqliteStore::put_queue(const QueueRow& row) {
  return Use(session_->sql.put_queue, Text{row.name}, row.updated_at, row.spec).run();
}

Result<void> SqliteStore::put_rate(const RateRow& row) {
  return Use(session_->sql.put_rate, Text{row.queue}, Text{row.key}, Text{row.starts}, row.expires_at).run();
}

bool SqliteStore::cannot_clash(const RunRow& row) const {
  return !row.scheduled_for || (row.task > session_->committed.task && row.task > session_->newest_scheduled);
}

Result<bool> SqliteStore::insert_run(RunRow& row) {
  const RunKey id = session_->last.run + 1;
  if (row.workflow == kItself) row.workflow = id;
  if (is_new(row) && cannot_clash(row)) {
    if (row.scheduled_for) session_->newest_scheduled = row.task;
    session_->last.run = row.id = id;
    if (auto added = session_->inserts.add(row); !added) return added.error();
    if (has_place(row)) {
      if (auto entered = session_->lines.enter_new(row); !entered) return entered.error();
    }
    return true;
  }
  if (auto ready = settle_down(); !ready) return ready.error();
  const std::string rare = rare_text(row);
  Use use(session_->sql.insert_run, id, row.task, row.state, row.fence, row.priority, row.ready_at, row.due_at,
          row.created_at, row.started_at, row.finished_at, row.scheduled_for, row.trigger, row.attempt,
          row.task_version, row.attempt_started_at, row.attempt_finished_at, row.attempt_status, row.delayed,
          unless_zero(row.workflow), unless_zero(row.item_of), unless_zero(row.retry_of), Text{row.queue},
          Text{row.concurrency_key}, row.node, rare, row.reason, row.params, row.result, row.error, row.checkpoint,
          row.past_attempts, row.signal_value);
  use.next();
  // A refused insert of one row leaves nothing behind, so the transaction goes on.
  if (use.code() == SQLITE_CONSTRAINT_UNIQUE) return false;
  if (use.failed()) return use.failure();
  if (row.scheduled_for) session_->newest_scheduled = std::max(session_->newest_scheduled, row.task);
  session_->last.run = row.id = id;
  if (row.retry_of != 0) {
    if (auto noted = Use(session_->sql.note_repeated, row.retry_of).run(); !noted) return noted.error();
  }
  if (has_place(row)) {
    if (auto entered = session_->lines.enter(row); !entered) return entered.error();
  }
  return true;
}

bool SqliteStore::has_place(const RunRow& row) {
  return !row.concurrency_key.empty() && row.state == RunState::ready && !row.delayed;
}

Result<RunRow> SqliteStore::stored_place(RunKey id) {
  auto place = Use(session_->sql.place_of, id).first(read_place);
  if (!place) return place.error();
  return place->value_or(RunRow{});
}

Result<bool> SqliteStore::start_run(const RunRow& row) {
  if (auto ready = settle_down(); !ready) return ready.error();
  const std::string rare = rare_text(row);
  const auto changed = Use(session_->sql.start_run, row.state, row.fence, row.attempt, row.node, row.task_version,
                           row.started_at, row.attempt_started_at, row.attempt_finished_at, row.attempt_status, rare,
                           row.past_attempts, row.id, row.fence - 1)
                           .count();
  if (!changed) return changed.error();
  if (*changed == 0) return false;
  if (row.concurrency_key.empty()) return true;
  const auto left = session_->lines.leave_as_first(row);
  if (!left || *left) return left;
  const auto place = stored_place(row.id);
  if (!place) return place.error();
  if (place->delayed) return true;
  if (auto gone = session_->lines.leave(*place); !gone) return gone.error();
  return true;
}

Result<bool> SqliteStore::settle_run(const RunRow& row) {
  if (auto ready = settle_down(); !ready) return ready.error();
  const std::string rare = rare_text(row);
  const auto changed =
      Use(session_->sql.settle_run, row.state, row.ready_at, row.delayed, row.attempt_finished_at, row.attempt_status,
          rare, row.error, row.result, row.finished_at, row.reason, row.checkpoint, row.signal_value, row.id, row.fence)
          .count();
  if (!changed) return changed.error();
  if (*changed == 0) return false;
  if (!has_place(row)) return true;
  const auto place = stored_place(row.id);
  if (!place) return place.error();
  if (auto entered = session_->lines.enter(*place); !entered) return entered.error();
  return true;
}

Result<bool> SqliteStore::change_run(const RunRow& row, RunState expected) {
  if (auto ready = settle_down(); !ready) return ready.error();
  std::optional<RunRow> place;
  if (expected == RunState::ready && !row.concurrency_key.empty()) {
    const auto stored = stored_place(row.id);
    if (!stored) return stored.error();
    if (!stored->delayed) place = *stored;
  }
  const std::string rare = rare_text(row);
  const auto changed =
      Use(session_->sql.change_run, row.state, row.priority, row.ready_at, row.delayed, row.due_at, row.started_at,
          row.finished_at, row.attempt, row.task_version, row.attempt_started_at, row.attempt_finished_at,
          row.attempt_status, Text{row.queue}, row.node, rare, row.reason, row.params, row.result, row.error,
          row.checkpoint, row.past_attempts, row.signal_value, row.id, expected, row.fence)
          .count();
  if (!changed) return changed.error();
  if (*changed == 0) return false;
  if (place) {
    if (auto left = session_->lines.leave(*place); !left) return left.error();
  }
  if (has_place(row)) {
    if (auto entered = session_->lines.enter(row); !entered) return entered.error();
  }
  return true;
}

Result<void> SqliteStore::append_logs(std::span<const LogRow> rows) {
  for (const LogRow& row : rows) {
    auto done = Use(session_->sql.insert_log, ++session_->last.log, row.task, row.run, row.attempt, row.at, row.level,
                    row.stream, row.message, row.data)
                    .run();
    if (!done) return done;
  }
  return {};
}

Result<void> SqliteStore::put_node(const NodeRow& row) {
  return Use(session_->sql.put_node, Text{row.node}, row.lease_until).run();
}

Result<void> SqliteStore::remove_node(std::string_view node) {
  return Use(session_->sql.remove_node, Text{node}).run();
}

}  // namespace taskcore::sqlite_store
