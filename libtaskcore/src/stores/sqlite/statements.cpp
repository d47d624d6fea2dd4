// The SQL. Conditions that name a partial index's own condition in its own words are what lets SQLite use that index.
#include "statements.hpp"

namespace taskcore::sqlite_store {

#define TASK_COLUMNS                                                                                                 \
  "key, next_due, live, running, last_run, last_settled, last_status, last_completed, schedule_runs, version, "      \
  "priority, created_at, updated_at, anchor, once, paused, deleted, id, type, created_by, name, tags, assigned_to, " \
  "upstreams, consumed, calendar, unique_key, description, spec"
#define RUN_COLUMNS                                                                                                   \
  "id, task, state, fence, priority, ready_at, due_at, created_at, started_at, finished_at, scheduled_for, "          \
  "run_trigger, attempt, task_version, attempt_started_at, attempt_finished_at, attempt_status, delayed, workflow, "  \
  "item_of, retry_of, queue, concurrency_key, node, rare, reason, params, result, error, checkpoint, past_attempts, " \
  "signal_value"

// The index of ready runs by their task is in parts, each of which is asked. Who asks for many tasks learns once which
// parts there are.
#define PARTS_ONCE "WITH ready_parts (part) AS MATERIALIZED (SELECT part FROM main.ready_parts) "
#define READY_OF(task_key) \
  "FROM ready_parts CROSS JOIN runs WHERE state = 0 AND (id >> 15) & 31 = part AND task = " task_key
#define BUSY_OF(task_key) "FROM runs WHERE state BETWEEN 1 AND 3 AND state IN (1, 2, 3) AND task = " task_key

// Each state's runs of the task ?1 are in an index of their own; `more` narrows every one of them down.
#define LIVE_OF_TASK(columns, more) \
  "SELECT " columns " " READY_OF("?1") more " UNION ALL SELECT " columns " " BUSY_OF("?1") more
#define RUNS_OF_TASK(columns, more)                  \
  LIVE_OF_TASK(columns, " AND item_of IS NULL" more) \
  " UNION ALL SELECT " columns " FROM runs WHERE state > 3 AND item_of IS NULL AND task = ?1" more
#define RUNS_AND_ITEMS_OF_TASK(columns, more)                                                      \
  LIVE_OF_TASK(columns, more)                                                                      \
  " UNION ALL SELECT " columns " FROM runs WHERE state > 3 AND item_of IS NULL AND task = ?1" more \
  " UNION ALL SELECT " columns " FROM runs WHERE state > 3 AND item_of IS NOT NULL AND task = ?1" more

#define AUDIT_COLUMNS "seq, at, hash, actor, role, action, target, outcome, request_id, before, after"
#define AUDIT_PAGE(more)                            \
  "SELECT " AUDIT_COLUMNS " FROM audit WHERE " more \
  " AND (?3 IS NULL OR action = ?3) AND at >= ifnull(?4, at) AND seq < ?5 ORDER BY seq DESC LIMIT ?6"

// length() of text counts characters, and only up to a NUL.
#define BYTES_OF(column) "ifnull(sum(length(CAST(" column " AS BLOB))), 0)"
#define BYTES_OF_RUNS(from) "(SELECT " BYTES_OF("params") " " from " AND item_of IS NULL)"

// What rows.hpp reads as a place.
#define PLACE_COLUMNS "id, priority, ready_at, delayed, queue, concurrency_key"
// The line of queue ?1, priority ?2 and key ?3.
#define LINE "in_queue = ?1 AND at_priority = ?2 AND of_key = ?3"

const char* const kTaskColumns = TASK_COLUMNS;
const char* const kRunColumns = RUN_COLUMNS;
const char* const kAuditColumns = AUDIT_COLUMNS;

ReadStatements::ReadStatements(Db& db)
    : begin(db, "BEGIN"),
      end(db, "COMMIT"),
      task_by_id(db, "SELECT " TASK_COLUMNS " FROM tasks WHERE id = ? AND deleted = 0"),
      task_by_key(db, "SELECT " TASK_COLUMNS " FROM tasks WHERE key = ?"),
      dependents(db,
                 "SELECT downstream FROM edges CROSS JOIN tasks ON key = downstream "
                 "WHERE upstream = ? AND deleted = 0 ORDER BY downstream"),
      run_by_id(db, "SELECT " RUN_COLUMNS " FROM runs WHERE id = ?"),
      // The indexes are in the order of due instants; sorting ids is cheaper than sorting rows.
      live_runs(db, "SELECT " RUN_COLUMNS
                    " FROM runs WHERE id IN (" LIVE_OF_TASK("id", "") " ORDER BY id LIMIT ?2) ORDER BY id"),
      live_runs_ready(db, "SELECT " RUN_COLUMNS
                          " FROM runs WHERE id IN (SELECT id " READY_OF("?1") " ORDER BY id LIMIT ?2) ORDER BY id"),
      live_runs_busy(db, "SELECT " RUN_COLUMNS
                         " FROM runs WHERE id IN (SELECT id FROM runs WHERE state BETWEEN 1 AND 3 AND state = ? "
                         "AND task = ? ORDER BY id LIMIT ?) ORDER BY id"),
      earliest_live_due(
          db,
          "SELECT min(due) FROM ("
          "SELECT min(due_at) AS due " READY_OF("?1") " UNION ALL "
          "SELECT min(due_at) FROM runs WHERE state BETWEEN 1 AND 3 AND state = 1 AND task = ?1 UNION ALL "
          "SELECT min(due_at) FROM runs WHERE state BETWEEN 1 AND 3 AND state = 2 AND task = ?1 UNION ALL "
          "SELECT min(due_at) FROM runs WHERE state BETWEEN 1 AND 3 AND state = 3 AND task = ?1)"),
      runs_after(db, "SELECT " RUN_COLUMNS " FROM runs WHERE id IN (" RUNS_AND_ITEMS_OF_TASK(
                         "id", " AND id > ?2") " ORDER BY id LIMIT ?3) ORDER BY id"),
      newest_of_workflow(db, "SELECT " RUN_COLUMNS
                             " FROM runs WHERE workflow IS NOT NULL AND workflow = ? AND task = ? "
                             "AND item_of IS NULL ORDER BY id DESC LIMIT 1"),
      // The index is in the order of tasks; sorting ids is cheaper than sorting rows.
      runs_of_workflow(db, "SELECT " RUN_COLUMNS
                           " FROM runs WHERE id IN (SELECT id FROM runs WHERE workflow IS NOT NULL AND workflow = ? "
                           "AND item_of IS NULL AND id > ? ORDER BY id LIMIT ?) ORDER BY id"),
      items_of(db, "SELECT " RUN_COLUMNS
                   " FROM runs WHERE item_of IS NOT NULL AND item_of = ? AND id > ? ORDER BY id LIMIT ?"),
      is_repeated(db, "SELECT repeated IS NOT NULL FROM runs WHERE id = ?"),
      taken_instants(db,
                     "SELECT scheduled_for FROM runs WHERE scheduled_for IS NOT NULL AND item_of IS NULL AND task = ? "
                     "AND scheduled_for BETWEEN ? AND ? ORDER BY scheduled_for"),
      runs_newest_first(db, RUNS_OF_TASK("id", " AND id < ?2") " ORDER BY id DESC"),
      runs_oldest_first(db, RUNS_OF_TASK("id", " AND id > ?2") " ORDER BY id"),
      logs(db,
           "SELECT id, task, run, attempt, at, level, stream, message, data FROM logs "
           "WHERE task = ? AND run = ? AND id > ? AND level >= ? AND at >= ifnull(?, at) ORDER BY id LIMIT ?"),
      visible_newest_first(db,
                           "SELECT key FROM tasks WHERE created_by = ?1 AND key < ?2 UNION "
                           "SELECT task FROM assignments WHERE user = ?1 AND task < ?2 ORDER BY 1 DESC"),
      visible_oldest_first(db,
                           "SELECT key FROM tasks WHERE created_by = ?1 AND key > ?2 UNION "
                           "SELECT task FROM assignments WHERE user = ?1 AND task > ?2 ORDER BY 1"),
      task_counts(db,
                  "SELECT CASE WHEN running > 0 THEN 1 WHEN live > 0 THEN 0 ELSE last_status END AS status, priority, "
                  "type, next_due IS NOT NULL AND paused = 0 AS scheduled, count(*) FROM tasks WHERE deleted = 0 "
                  "AND (?1 IS NULL OR created_by = ?1 OR "
                  "EXISTS (SELECT 1 FROM assignments WHERE user = ?1 AND task = key)) GROUP BY 1, 2, 3, 4"),
      usage(db,
            PARTS_ONCE "SELECT count(*) FILTER (WHERE deleted = 0), ifnull(sum(live), 0), " BYTES_OF(
                "CASE deleted WHEN 0 THEN spec END") " + ifnull(sum(CASE WHEN live > 0 THEN " BYTES_OF_RUNS(
                READY_OF("key")) " + " BYTES_OF_RUNS(BUSY_OF("key")) " END), 0) "
            "FROM tasks WHERE created_by IS NOT NULL AND created_by = ?"),
      calendar_by_name(db, "SELECT name, updated_at, spec FROM calendars WHERE name = ?"),
      calendars(db, "SELECT name, updated_at, spec FROM calendars WHERE name > ? ORDER BY name LIMIT ?"),
      queue_by_name(db, "SELECT name, updated_at, spec FROM queues WHERE name = ?"),
      queues(db, "SELECT name, updated_at, spec FROM queues WHERE name > ? ORDER BY name LIMIT ?"),
      ready_loads(db,
                  "SELECT queue, sum(ready), min(oldest) FROM ("
                  "SELECT queue, count(*) AS ready, min(ready_at) AS oldest FROM runs WHERE state = 0 AND delayed = 0 "
                  "AND concurrency_key = '' GROUP BY queue UNION ALL "
                  "SELECT in_queue, (SELECT count(*) FROM line_places AS place WHERE place.in_queue = lines.in_queue) "
                  "- sum(gone), min(first_at) FROM lines GROUP BY in_queue) GROUP BY queue"),
      delayed_loads(db, "SELECT queue, count(*) FROM runs INDEXED BY runs_delayed WHERE state = 0 AND delayed = 1 "
 "GROUP BY queue"),
      running_loads(db, "SELECT queue, count(*) FROM runs WHERE state BETWEEN 1 AND 3 AND state = 3 GROUP BY queue"),
      recent_runs(db,
                  "SELECT state, runs.created_at, started_at, finished_at, deleted = 0 AND item_of IS NULL AND "
                  "(?1 IS NULL OR created_by = ?1 OR EXISTS (SELECT 1 FROM assignments WHERE user = ?1 AND "
                  "assignments.task = key)) "
                  "FROM runs CROSS JOIN tasks ON key = runs.task ORDER BY runs.id DESC"),
      audit(db, AUDIT_PAGE("(?1 IS NULL OR actor = ?1) AND (?2 IS NULL OR target = ?2)")),
      audit_of_actor(db, AUDIT_PAGE("actor IS NOT NULL AND actor = ?1 AND (?2 IS NULL OR target = ?2)")),
      audit_of_target(db, AUDIT_PAGE("(?1 IS NULL OR actor = ?1) AND target IS NOT NULL AND target = ?2")),
      audit_after(db, "SELECT " AUDIT_COLUMNS " FROM audit WHERE seq > ? ORDER BY seq LIMIT ?"),
      audit_ends(db, "SELECT anchor_seq, anchor_hash, last_seq, last_hash FROM audit_ends") {}

WriteStatements::WriteStatements(Db& db)
    : begin(db, "BEGIN IMMEDIATE"),
      commit(db, "COMMIT"),
      rollback(db, "ROLLBACK"),
      last_keys(db,
                "SELECT max(task, ifnull((SELECT max(key) FROM tasks), 0)), "
                "max(run, ifnull((SELECT max(id) FROM runs), 0)), "
                "max(log, ifnull((SELECT max(id) FROM logs), 0)) FROM last_keys"),
      save_last_keys(db, "UPDATE last_keys SET task = ?, run = ?, log = ?"),

      update_task(db,
                  "UPDATE tasks SET next_due = ?, live = ?, running = ?, last_run = ?, last_settled = ?, "
                  "last_status = ?, last_completed = ?, schedule_runs = ?, version = ?, priority = ?, updated_at = ?, "
                  "anchor = ?, once = ?, paused = ?, deleted = ?, type = ?, name = ?, tags = ?, assigned_to = ?, "
                  "upstreams = ?, consumed = ?, calendar = ?, unique_key = ?, description = ?, spec = ? WHERE key = ?"),
      // To name `next_due` in SET costs the indexes that it is in, even when it stays; most often it does.
      update_state(db,
                   "UPDATE tasks SET live = ?, running = ?, last_run = ?, last_settled = ?, last_status = ?, "
                   "last_completed = ?, schedule_runs = ? WHERE key = ? AND next_due IS ? AND consumed IS ?"),
      update_whole_state(db,
                         "UPDATE tasks SET live = ?, running = ?, last_run = ?, last_settled = ?, last_status = ?, "
                         "last_completed = ?, schedule_runs = ?, next_due = ?, consumed = ? WHERE key = ?"),
      remove_edges(db, "DELETE FROM edges WHERE downstream = ?"),
      insert_edge(db, "INSERT OR IGNORE INTO edges (upstream, downstream) VALUES (?, ?)"),
      remove_assignments(db, "DELETE FROM assignments WHERE task = ?"),
      insert_assignment(db, "INSERT OR IGNORE INTO assignments (user, task) VALUES (?, ?)"),
      due_tasks(db, "SELECT " TASK_COLUMNS
                    " FROM tasks WHERE next_due IS NOT NULL AND paused = 0 AND deleted = 0 AND next_due <= ? "
                    "ORDER BY next_due, key LIMIT ?"),
      find_unique(db,
                  "SELECT key FROM tasks WHERE unique_key IS NOT NULL AND deleted = 0 AND unique_key = ? "
                  "AND ifnull(created_by, '') = ?"),
      first_due(db,
                "SELECT next_due FROM tasks WHERE next_due IS NOT NULL AND paused = 0 AND deleted = 0 "
                "ORDER BY next_due LIMIT 1"),

      put_calendar(db, "INSERT OR REPLACE INTO calendars (name, updated_at, spec) VALUES (?, ?, ?)"),
      remove_calendar(db, "DELETE FROM calendars WHERE name = ?"),
      tasks_of_calendar(db,
                        "SELECT key FROM tasks WHERE calendar IS NOT NULL AND deleted = 0 AND calendar = ? AND key > ? "
                        "ORDER BY key LIMIT ?"),

      put_queue(db, "INSERT OR REPLACE INTO queues (name, updated_at, spec) VALUES (?, ?, ?)"),
      find_rate(db, "SELECT queue, key, starts, expires_at FROM rates WHERE queue = ? AND key = ?"),
      put_rate(db, "INSERT OR REPLACE INTO rates (queue, key, starts, expires_at) VALUES (?, ?, ?, ?)"),
      prune_rates(db,
                  "DELETE FROM rates WHERE (queue, key) IN (SELECT queue, key FROM rates WHERE expires_at <= ? "
                  "ORDER BY expires_at LIMIT ?)"),

      move_audit_end(db, "UPDATE audit_ends SET last_seq = ?, last_hash = ?"),
      oldest_audit(db, "SELECT seq, at, hash FROM audit ORDER BY seq LIMIT ?"),
      prune_audit(db, "DELETE FROM audit WHERE seq <= ?"),
      move_audit_anchor(db, "UPDATE audit_ends SET anchor_seq = ?, anchor_hash = ?"),
      find_idempotency(db, "SELECT scope, body, answer, expires_at FROM idempotency WHERE scope = ?"),
      put_idempotency(db, "INSERT OR REPLACE INTO idempotency (scope, body, answer, expires_at) VALUES (?, ?, ?, ?)"),
      prune_idempotency(db,
                        "DELETE FROM idempotency WHERE scope IN (SELECT scope FROM idempotency WHERE expires_at <= ? "
                        "ORDER BY expires_at LIMIT ?)"),

      insert_run(db, "INSERT INTO runs (" RUN_COLUMNS
                     ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                     "?, ?, ?, ?, ?)"),
      note_repeated(db, "UPDATE runs SET repeated = 1 WHERE id = ? AND repeated IS NULL"),
      start_run(db,
                "UPDATE runs SET state = ?, fence = ?, attempt = ?, node = ?, task_version = ?, started_at = ?, "
                "attempt_started_at = ?, attempt_finished_at = ?, attempt_status = ?, rare = ?, past_attempts = ? "
                "WHERE id = ? AND state = 0 AND fence = ?"),
      settle_run(db,
                 "UPDATE runs SET state = ?, ready_at = ?, delayed = ?, attempt_finished_at = ?, attempt_status = ?, "
                 "rare = ?, error = ?, result = ?, finished_at = ?, reason = ?, checkpoint = ?, signal_value = ? "
                 "WHERE id = ? AND state = 3 AND fence = ?"),
      change_run(db,
                 "UPDATE runs SET state = ?, priority = ?, ready_at = ?, delayed = ?, due_at = ?, started_at = ?, "
                 "finished_at = ?, attempt = ?, task_version = ?, attempt_started_at = ?, attempt_finished_at = ?, "
                 "attempt_status = ?, queue = ?, node = ?, rare = ?, reason = ?, params = ?, result = ?, error = ?, "
                 "checkpoint = ?, past_attempts = ?, signal_value = ? WHERE id = ? AND state = ? AND fence = ?"),
      // Each is one probe of the index, where DISTINCT would walk it.
      next_ready_queue(db,
                       "SELECT queue FROM (SELECT (SELECT queue FROM runs WHERE state = 0 AND delayed = 0 AND "
                       "concurrency_key = '' AND queue > ?1 ORDER BY queue LIMIT 1) AS queue UNION ALL SELECT (SELECT "
                       "in_queue FROM lines WHERE in_queue > ?1 ORDER BY in_queue LIMIT 1)) WHERE queue IS NOT NULL "
                       "ORDER BY queue LIMIT 1"),
      ready_runs(db, "SELECT " RUN_COLUMNS
                     " FROM runs WHERE state = 0 AND delayed = 0 AND concurrency_key = '' AND queue = ? "
                     "AND priority = ? ORDER BY ready_at, id LIMIT ?"),
      ready_runs_of_key(db, "SELECT " RUN_COLUMNS
                            " FROM lines CROSS JOIN line_places USING (in_queue, at_priority, of_key) CROSS JOIN runs "
                            "ON id = run WHERE " LINE " AND (ready_from, run) >= (first_at, first_run) "
                            "ORDER BY ready_from, run LIMIT ?4"),
      first_of_keys(db, "SELECT " RUN_COLUMNS
                        " FROM lines CROSS JOIN runs ON id = first_run WHERE in_queue = ? AND at_priority = ? "
                        "AND of_key > ? ORDER BY of_key LIMIT ?"),
      wake_delayed(db,
                   "UPDATE runs SET delayed = 0 WHERE id IN (SELECT id FROM runs WHERE state = 0 AND delayed = 1 "
                   "AND ready_at <= ? ORDER BY ready_at LIMIT ?) "
                   "RETURNING " PLACE_COLUMNS),
      first_delayed(db, "SELECT ready_at FROM runs WHERE state = 0 AND delayed = 1 ORDER BY ready_at LIMIT 1"),
      // Few run at a time.
      running_with_key(db,
                       "SELECT count(*) FROM runs WHERE state BETWEEN 1 AND 3 AND state = 3 AND concurrency_key = ?"),
      running_runs(db, "SELECT " RUN_COLUMNS
                       " FROM runs WHERE id IN (SELECT id FROM runs WHERE state BETWEEN 1 AND 3 AND state = 3 "
                       "AND id > ? ORDER BY id LIMIT ?) ORDER BY id"),

      place_of(db, "SELECT " PLACE_COLUMNS " FROM runs WHERE id = ?"),
      last_first(db, "SELECT max(first_at) FROM lines"),
      find_line(db, "SELECT first_at, first_run FROM lines WHERE " LINE),
      insert_line(db,
                  "INSERT INTO lines (in_queue, at_priority, of_key, first_at, first_run, gone) "
                  "VALUES (?, ?, ?, ?, ?, 0)"),
      behind_first(db,
                   "SELECT gone, ready_from, run FROM lines LEFT JOIN line_places AS place ON place.in_queue = "
                   "lines.in_queue AND place.at_priority = lines.at_priority AND place.of_key = lines.of_key AND "
                   "(ready_from, run) > (first_at, first_run) WHERE lines.in_queue = ? AND lines.at_priority = ? "
                   "AND lines.of_key = ? AND first_run = ? ORDER BY ready_from, run LIMIT 1"),
      move_line(db, "UPDATE lines SET first_at = ?4, first_run = ?5, gone = ?6 WHERE " LINE),
      remove_line(db, "DELETE FROM lines WHERE " LINE),
      insert_place(db,
                   "INSERT INTO line_places (in_queue, at_priority, of_key, ready_from, run) VALUES (?, ?, ?, ?, ?)"),
      remove_place(db, "DELETE FROM line_places WHERE " LINE " AND ready_from = ?4 AND run = ?5"),
      remove_places_before(db, "DELETE FROM line_places WHERE " LINE " AND (ready_from, run) < (?4, ?5)"),
      remove_places(db, "DELETE FROM line_places WHERE " LINE),

      insert_log(db,
                 "INSERT INTO logs (id, task, run, attempt, at, level, stream, message, data) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      put_node(db, "INSERT OR REPLACE INTO nodes (node, lease_until) VALUES (?, ?)"),
      remove_node(db, "DELETE FROM nodes WHERE node = ?"),
      nodes(db, "SELECT node, lease_until FROM nodes ORDER BY node"),

      runs_to_prune(
          db,
          "SELECT id, runs.task, state > 3 AND finished_at IS NOT NULL AND finished_at < ? AND (item_of IS NULL OR "
          "NOT EXISTS (SELECT 1 FROM runs AS whole WHERE whole.id = runs.item_of AND whole.state <= 3)) AND "
          "(workflow IS NULL OR "
          "NOT EXISTS (SELECT 1 FROM runs AS other WHERE other.workflow IS NOT NULL AND other.state <= 3 "
          "AND other.workflow = runs.workflow) AND (workflow <> id OR NOT EXISTS (SELECT 1 FROM runs AS member "
          "WHERE member.workflow IS NOT NULL AND member.workflow = runs.id AND member.item_of IS NULL "
          "AND member.id <> runs.id))) "
          "FROM runs "
          "WHERE id > ? ORDER BY id LIMIT ?"),
      keep_from(db, RUNS_OF_TASK("id", "") " ORDER BY id DESC LIMIT 1 OFFSET ?2"),
      last_runs(db, "SELECT last_settled, last_completed FROM tasks WHERE key = ?"),
      remove_run(db, "DELETE FROM runs WHERE id = ? AND state > 3"),
      remove_run_logs(db, "DELETE FROM logs WHERE task = ? AND run = ?"),
      remove_old_logs(db, "DELETE FROM logs WHERE id IN (SELECT id FROM logs WHERE at < ? ORDER BY at, id LIMIT ?)"),
      tombstones(
          db,
          PARTS_ONCE "SELECT key FROM tasks WHERE deleted = 1 "
          "AND NOT EXISTS (SELECT 1 " READY_OF("key") ") AND NOT EXISTS (SELECT 1 " BUSY_OF("key") ") "
          "ORDER BY key LIMIT ?"),
      remove_some_logs(db,
                       "DELETE FROM logs WHERE id IN (SELECT id FROM logs WHERE task = ? AND run = ? "
                       "ORDER BY id LIMIT ?)"),
      runs_of_task(db,
                   "SELECT id FROM runs WHERE state > 3 AND item_of IS NULL AND task = ?1 UNION ALL "
                   "SELECT id FROM runs WHERE state > 3 AND item_of IS NOT NULL AND task = ?1 ORDER BY id LIMIT ?2"),
      remove_task(db, "DELETE FROM tasks WHERE key = ?"),
      spent_once_tasks(db,
                       "SELECT key FROM tasks WHERE once = 1 AND deleted = 0 AND next_due IS NULL AND tasks.live = 0 "
                       "AND (SELECT finished_at FROM runs WHERE id = last_run) < ? "
                       "AND NOT EXISTS (SELECT 1 FROM edges CROSS JOIN tasks AS d ON d.key = downstream "
                       "WHERE upstream = tasks.key AND d.deleted = 0) ORDER BY key LIMIT ?") {}

}  // namespace taskcore::sqlite_store
