// Every statement of the store but the filters of listings (filters.hpp). Parameters and columns are bound and read in
// the order in which they stand.
#pragma once

#include "db.hpp"

namespace taskcore::sqlite_store {

/// The columns of a whole row, in the order in which rows.hpp reads them.
extern const char* const kTaskColumns;
extern const char* const kRunColumns;
extern const char* const kAuditColumns;

/// What readers ask.
struct ReadStatements {
  explicit ReadStatements(Db& db);

  Stmt begin, end;
  Stmt task_by_id, task_by_key, dependents;
  Stmt run_by_id, live_runs, live_runs_ready, live_runs_busy, earliest_live_due, runs_after, newest_of_workflow,
      runs_of_workflow, items_of, is_repeated, taken_instants;
  Stmt runs_newest_first, runs_oldest_first;
  Stmt logs;
  Stmt visible_newest_first, visible_oldest_first;
  Stmt task_counts, usage;
  Stmt calendar_by_name, calendars;
  Stmt queue_by_name, queues, ready_loads, delayed_loads, running_loads;
  Stmt recent_runs;
  Stmt audit, audit_of_actor, audit_of_target, audit_after, audit_ends;
};

/// What the writer does besides.
struct WriteStatements {
  explicit WriteStatements(Db& db);

  Stmt begin, commit, rollback;
  Stmt last_keys, save_last_keys;

  Stmt update_task, update_state, update_whole_state;
  Stmt remove_edges, insert_edge, remove_assignments, insert_assignment;
  Stmt due_tasks, find_unique, first_due;
  Stmt put_calendar, remove_calendar, tasks_of_calendar;
  Stmt put_queue, find_rate, put_rate, prune_rates;
  Stmt move_audit_end, oldest_audit, prune_audit, move_audit_anchor;
  Stmt find_idempotency, put_idempotency, prune_idempotency;

  Stmt insert_run, note_repeated, start_run, settle_run, change_run;
  Stmt next_ready_queue, ready_runs, ready_runs_of_key, first_of_keys, wake_delayed, first_delayed, running_with_key,
      running_runs;
  Stmt place_of, last_first, find_line, insert_line, behind_first, move_line, remove_line;
  Stmt insert_place, remove_place, remove_places_before, remove_places;

  Stmt insert_log;
  Stmt put_node, remove_node, nodes;

  Stmt runs_to_prune, keep_from, last_runs, remove_run, remove_run_logs, remove_old_logs;
  Stmt tombstones, remove_some_logs, runs_of_task, remove_task;
  Stmt spent_once_tasks;
};

}  // namespace taskcore::sqlite_store
