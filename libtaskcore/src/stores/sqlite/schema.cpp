// Each migration is applied once, in order, in one transaction with the new `user_version`. Append; never change one
// that was released.
//
// Times are milliseconds since 1970, enums their numbers, empty text NULL. In a row come first the short columns that
// change, last the long ones, which then need not be read to find the others.
#include "schema.hpp"

#include <algorithm>
#include <array>

namespace taskcore::sqlite_store {
namespace {

constexpr std::int64_t kApplicationId = 0x74736b63;  // "tskc"

constexpr const char* kFirst = R"sql(
-- The highest keys ever given, as far as pruning may have removed their rows.
CREATE TABLE last_keys (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  task INTEGER NOT NULL,
  run INTEGER NOT NULL,
  log INTEGER NOT NULL
) STRICT;
INSERT INTO last_keys VALUES (1, 0, 0, 0);

CREATE TABLE tasks (
  key INTEGER PRIMARY KEY,
  next_due INTEGER,
  live INTEGER NOT NULL,
  running INTEGER NOT NULL,
  last_run INTEGER NOT NULL,
  last_settled INTEGER NOT NULL,
  last_status INTEGER NOT NULL,
  last_completed INTEGER NOT NULL,
  version INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  anchor INTEGER NOT NULL,
  once INTEGER NOT NULL,
  paused INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  id TEXT NOT NULL,
  type TEXT,
  created_by TEXT,
  name TEXT,
  tags TEXT,         -- A JSON array, as the next two; the tables below are for finding.
  assigned_to TEXT,
  upstreams TEXT,
  description TEXT,
  spec TEXT
) STRICT;
CREATE UNIQUE INDEX tasks_by_id ON tasks (id) WHERE deleted = 0;
CREATE INDEX tasks_due ON tasks (next_due) WHERE next_due IS NOT NULL AND paused = 0 AND deleted = 0;
CREATE INDEX tasks_by_creator ON tasks (created_by) WHERE created_by IS NOT NULL;
CREATE INDEX tasks_fired ON tasks (key) WHERE once = 1 AND deleted = 0 AND next_due IS NULL;
CREATE INDEX tasks_deleted ON tasks (key) WHERE deleted = 1;

CREATE TABLE assignments (
  user TEXT NOT NULL,
  task INTEGER NOT NULL,
  PRIMARY KEY (user, task)
) STRICT, WITHOUT ROWID;
CREATE INDEX assignments_by_task ON assignments (task);

CREATE TABLE edges (
  upstream INTEGER NOT NULL,
  downstream INTEGER NOT NULL,
  PRIMARY KEY (upstream, downstream)
) STRICT, WITHOUT ROWID;
CREATE INDEX edges_by_downstream ON edges (downstream);

-- One row a run, updated in place. Every index but two holds live runs only, so that history costs nothing.
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  task INTEGER NOT NULL,
  state INTEGER NOT NULL,
  live INTEGER,  -- 1 until it is settled, then NULL; apart from `state`, which a claim changes.
  fence INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  ready_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  scheduled_for INTEGER,
  run_trigger INTEGER NOT NULL,
  missed_count INTEGER NOT NULL,
  missed_from INTEGER,
  attempt INTEGER NOT NULL,
  retries_used INTEGER NOT NULL,
  losses INTEGER NOT NULL,
  task_version INTEGER NOT NULL,
  attempt_started_at INTEGER,
  attempt_finished_at INTEGER,
  attempt_status INTEGER NOT NULL,
  exit_code INTEGER,
  signal INTEGER,
  cancel_requested INTEGER NOT NULL,
  queue TEXT NOT NULL,
  node TEXT,
  reason TEXT,
  params TEXT,
  result TEXT,
  error TEXT,
  checkpoint TEXT,
  past_attempts TEXT
) STRICT;
CREATE INDEX runs_by_task ON runs (task);
CREATE UNIQUE INDEX runs_by_instant ON runs (task, scheduled_for) WHERE scheduled_for IS NOT NULL;
CREATE INDEX runs_ready ON runs (queue, priority, ready_at) WHERE state = 0;
CREATE INDEX runs_busy ON runs (state, task) WHERE state BETWEEN 1 AND 3;
CREATE INDEX runs_live ON runs (task, due_at) WHERE live = 1;

CREATE TABLE logs (
  id INTEGER PRIMARY KEY,
  task INTEGER NOT NULL,
  run INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  at INTEGER NOT NULL,
  level INTEGER NOT NULL,
  stream INTEGER NOT NULL,
  message TEXT,
  data TEXT
) STRICT;
CREATE INDEX logs_by_run ON logs (task, run);
CREATE INDEX logs_by_time ON logs (at);

CREATE TABLE nodes (
  node TEXT PRIMARY KEY,
  lease_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// The history of a task is indexed when a run settles, and a run that is born running never enters the indexes of those
// that are ready: so a submitted run writes to two indexes, not to three.
constexpr const char* kSecond = R"sql(
DROP INDEX runs_by_task;
DROP INDEX runs_busy;
DROP INDEX runs_live;
ALTER TABLE runs DROP COLUMN live;
CREATE INDEX runs_ready_of_task ON runs (task, due_at) WHERE state = 0;
CREATE INDEX runs_busy ON runs (state, task, due_at) WHERE state BETWEEN 1 AND 3;
CREATE INDEX runs_settled ON runs (task) WHERE state > 3;
)sql";

// Behind the long columns: the row is read and written whole wherever this one is.
constexpr const char* kThird = R"sql(
ALTER TABLE tasks ADD COLUMN schedule_runs INTEGER NOT NULL DEFAULT 0;
)sql";

constexpr const char* kFourth = R"sql(
CREATE TABLE calendars (
  name TEXT PRIMARY KEY,
  updated_at INTEGER NOT NULL,
  spec TEXT NOT NULL
) STRICT;
ALTER TABLE tasks ADD COLUMN calendar TEXT;
CREATE INDEX tasks_by_calendar ON tasks (calendar) WHERE calendar IS NOT NULL AND deleted = 0;
)sql";

// `consumed` is a JSON array; most tasks have none. Few runs have the other two, which are NULL for 0.
constexpr const char* kFifth = R"sql(
ALTER TABLE tasks ADD COLUMN consumed TEXT;
ALTER TABLE runs ADD COLUMN workflow INTEGER;
ALTER TABLE runs ADD COLUMN retry_of INTEGER;
CREATE INDEX runs_of_workflow ON runs (workflow, task) WHERE workflow IS NOT NULL;
CREATE INDEX runs_live_of_workflow ON runs (workflow) WHERE workflow IS NOT NULL AND state <= 3;
)sql";

// Ready runs are found by their concurrency key, '' for none. Those that wait for their time (`delayed`) are not among
// them: the few that there are have an index of their own.
constexpr const char* kSixth = R"sql(
CREATE TABLE queues (
  name TEXT PRIMARY KEY,
  updated_at INTEGER NOT NULL,
  spec TEXT NOT NULL
) STRICT;
CREATE TABLE rates (
  queue TEXT NOT NULL,
  key TEXT NOT NULL,  -- '' is the queue itself.
  starts TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (queue, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX rates_expired ON rates (expires_at);
ALTER TABLE runs ADD COLUMN delayed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN concurrency_key TEXT NOT NULL DEFAULT '';
UPDATE runs SET delayed = 1 WHERE state = 0 AND ready_at > due_at;
DROP INDEX runs_ready;
CREATE INDEX runs_ready ON runs (queue, priority, concurrency_key, ready_at) WHERE state = 0 AND delayed = 0;
CREATE INDEX runs_delayed ON runs (ready_at) WHERE state = 0 AND delayed = 1;
)sql";

// No part of a run's row: it is written when a run is made that repeats this one, and is all that is left when that one
// goes. The index holds the dead letters and nothing else.
constexpr const char* kSeventh = R"sql(
ALTER TABLE runs ADD COLUMN repeated INTEGER;
UPDATE runs SET repeated = 1 WHERE id IN (SELECT retry_of FROM runs WHERE retry_of IS NOT NULL);
CREATE INDEX runs_dead_letters ON runs (id, task) WHERE state = 5 AND repeated IS NULL;
)sql";

// Two tasks of one creator cannot have a unique key at the same time.
constexpr const char* kEighth = R"sql(
ALTER TABLE tasks ADD COLUMN unique_key TEXT;
CREATE UNIQUE INDEX tasks_by_unique_key ON tasks (unique_key, ifnull(created_by, ''))
  WHERE unique_key IS NOT NULL AND deleted = 0;
)sql";

// `item_of` is NULL for 0, as `workflow` is. A run with a thousand items is found without looking at each of them: the
// runs of a task that are no items have an index of their own, and NULL has a place of its own in that of workflows. An
// item has the instant of its run.
constexpr const char* kNinth = R"sql(
ALTER TABLE runs ADD COLUMN item_of INTEGER;
ALTER TABLE runs ADD COLUMN items INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN items_completed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN items_failed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX runs_items ON runs (item_of) WHERE item_of IS NOT NULL;
DROP INDEX runs_settled;
CREATE INDEX runs_settled ON runs (task) WHERE state > 3 AND item_of IS NULL;
CREATE INDEX runs_settled_items ON runs (task) WHERE state > 3 AND item_of IS NOT NULL;
DROP INDEX runs_by_instant;
CREATE UNIQUE INDEX runs_by_instant ON runs (task, scheduled_for) WHERE scheduled_for IS NOT NULL AND item_of IS NULL;
DROP INDEX runs_of_workflow;
CREATE INDEX runs_of_workflow ON runs (workflow, task, item_of) WHERE workflow IS NOT NULL;
DROP INDEX runs_dead_letters;
CREATE INDEX runs_dead_letters ON runs (id, task) WHERE state = 5 AND repeated IS NULL AND item_of IS NULL;
)sql";

// Few runs ever have one: NULL for none.
constexpr const char* kTenth = R"sql(
ALTER TABLE runs ADD COLUMN signal_value TEXT;
)sql";

// A row costs by the column, also by those that are empty: the numbers that few runs have share one, `rare`, a JSON
// object. The order is that of the first version again.
constexpr const char* kEleventh = R"sql(
CREATE TABLE new_runs (
  id INTEGER PRIMARY KEY,
  task INTEGER NOT NULL,
  state INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  ready_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  scheduled_for INTEGER,
  run_trigger INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  task_version INTEGER NOT NULL,
  attempt_started_at INTEGER,
  attempt_finished_at INTEGER,
  attempt_status INTEGER NOT NULL,
  delayed INTEGER NOT NULL,
  workflow INTEGER,
  item_of INTEGER,
  retry_of INTEGER,
  repeated INTEGER,
  queue TEXT NOT NULL,
  concurrency_key TEXT NOT NULL,
  node TEXT,
  rare TEXT,
  reason TEXT,
  params TEXT,
  result TEXT,
  error TEXT,
  checkpoint TEXT,
  past_attempts TEXT,
  signal_value TEXT
) STRICT;
INSERT INTO new_runs
  SELECT id, task, state, fence, priority, ready_at, due_at, created_at, started_at, finished_at, scheduled_for,
         run_trigger, attempt, task_version, attempt_started_at, attempt_finished_at, attempt_status, delayed, workflow,
         item_of, retry_of, repeated, queue, concurrency_key, node,
         -- A patch takes out what is NULL.
         nullif(json_patch('{}', json_object(
           'missedCount', nullif(missed_count, 0), 'missedFrom', missed_from, 'retriesUsed', nullif(retries_used, 0),
           'losses', nullif(losses, 0), 'exitCode', exit_code, 'signal', signal,
           'cancelRequested', nullif(cancel_requested, 0), 'items', nullif(items, 0),
           'itemsCompleted', nullif(items_completed, 0), 'itemsFailed', nullif(items_failed, 0))), '{}'),
         reason, params, result, error, checkpoint, past_attempts, signal_value
  FROM runs ORDER BY id;
DROP TABLE runs;
ALTER TABLE new_runs RENAME TO runs;
CREATE UNIQUE INDEX runs_by_instant ON runs (task, scheduled_for) WHERE scheduled_for IS NOT NULL AND item_of IS NULL;
CREATE INDEX runs_ready ON runs (queue, priority, concurrency_key, ready_at) WHERE state = 0 AND delayed = 0;
CREATE INDEX runs_delayed ON runs (ready_at) WHERE state = 0 AND delayed = 1;
CREATE INDEX runs_ready_of_task ON runs (task, due_at) WHERE state = 0;
CREATE INDEX runs_busy ON runs (state, task, due_at) WHERE state BETWEEN 1 AND 3;
CREATE INDEX runs_settled ON runs (task) WHERE state > 3 AND item_of IS NULL;
CREATE INDEX runs_settled_items ON runs (task) WHERE state > 3 AND item_of IS NOT NULL;
CREATE INDEX runs_items ON runs (item_of) WHERE item_of IS NOT NULL;
CREATE INDEX runs_of_workflow ON runs (workflow, task, item_of) WHERE workflow IS NOT NULL;
CREATE INDEX runs_live_of_workflow ON runs (workflow) WHERE workflow IS NOT NULL AND state <= 3;
CREATE INDEX runs_dead_letters ON runs (id, task) WHERE state = 5 AND repeated IS NULL AND item_of IS NULL;
)sql";

// Where the chain begins is known though its first rows were pruned, and where it ends though its last were removed.
constexpr const char* kTwelfth = R"sql(
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  hash TEXT NOT NULL,
  actor TEXT,
  role TEXT,
  action TEXT,
  target TEXT,
  outcome TEXT,
  request_id TEXT,
  before TEXT,
  after TEXT
) STRICT;
CREATE INDEX audit_by_actor ON audit (actor) WHERE actor IS NOT NULL;
CREATE INDEX audit_by_target ON audit (target) WHERE target IS NOT NULL;
CREATE TABLE audit_ends (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  anchor_seq INTEGER NOT NULL,
  anchor_hash TEXT NOT NULL,
  last_seq INTEGER NOT NULL,
  last_hash TEXT NOT NULL
) STRICT;
INSERT INTO audit_ends VALUES (1, 0, '', 0, '');
CREATE TABLE idempotency (
  scope TEXT PRIMARY KEY,
  body TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  answer TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_expired ON idempotency (expires_at);
)sql";

// What a claim writes must not grow with what waits: runs that are claimed one after the other are neighbours in
// whatever they leave.
//
// Ready runs with a concurrency key stand in a line for each queue, priority and key. `lines` has the first of each,
// and moves on with a claim; the places of those that went are removed many at a time (lines.hpp).
//
// Ready runs are found by their task in 32 parts of their index, by their numbers: runs that were made one after the
// other for a thousand tasks leave a few pages, and not a thousand. `state` is in it so that its parts are found in it
// alone.
constexpr const char* kThirteenth = R"sql(
CREATE TABLE lines (
  in_queue TEXT NOT NULL,
  at_priority INTEGER NOT NULL,
  of_key TEXT NOT NULL,
  first_at INTEGER NOT NULL,
  first_run INTEGER NOT NULL,
  gone INTEGER NOT NULL,  -- The places before the first that are still there.
  PRIMARY KEY (in_queue, at_priority, of_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE line_places (
  in_queue TEXT NOT NULL,
  at_priority INTEGER NOT NULL,
  of_key TEXT NOT NULL,
  ready_from INTEGER NOT NULL,
  run INTEGER NOT NULL,
  PRIMARY KEY (in_queue, at_priority, of_key, ready_from, run)
) STRICT, WITHOUT ROWID;
INSERT INTO line_places
  SELECT queue, priority, concurrency_key, ready_at, id FROM runs
  WHERE state = 0 AND delayed = 0 AND concurrency_key <> '' ORDER BY queue, priority, concurrency_key, ready_at, id;
INSERT INTO lines
  SELECT in_queue, at_priority, of_key, ready_from, run, 0 FROM line_places AS place
  WHERE (ready_from, run) = (SELECT ready_from, run FROM line_places AS other WHERE other.in_queue = place.in_queue
    AND other.at_priority = place.at_priority AND other.of_key = place.of_key ORDER BY ready_from, run LIMIT 1);
DROP INDEX runs_ready;
CREATE INDEX runs_ready ON runs (queue, priority, ready_at) WHERE state = 0 AND delayed = 0 AND concurrency_key = '';
DROP INDEX runs_ready_of_task;
CREATE INDEX runs_ready_of_task ON runs ((id >> 15) & 31, task, due_at, state) WHERE state = 0;
CREATE VIEW ready_parts (part) AS
  WITH RECURSIVE parts (part) AS (
    SELECT (SELECT (id >> 15) & 31 FROM runs WHERE state = 0 ORDER BY (id >> 15) & 31 LIMIT 1)
    UNION ALL
    SELECT (SELECT (id >> 15) & 31 FROM runs WHERE state = 0 AND (id >> 15) & 31 > part
            ORDER BY (id >> 15) & 31 LIMIT 1)
    FROM parts WHERE part IS NOT NULL
  )
  SELECT part FROM parts WHERE part IS NOT NULL;
)sql";

constexpr std::array kMigrations{kFirst,  kSecond, kThird, kFourth,   kFifth,   kSixth,     kSeventh,
                                 kEighth, kNinth,  kTenth, kEleventh, kTwelfth, kThirteenth};

Result<void> apply(Db& db, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    if (auto done = db.exec(kMigrations[i]); !done) return done;
  }
  return db.exec("PRAGMA application_id=" + std::to_string(kApplicationId) +
                 "; PRAGMA user_version=" + std::to_string(to) + "; COMMIT");
}

}  // namespace

std::int64_t newest_format() noexcept { return static_cast<std::int64_t>(kMigrations.size()); }

Result<std::int64_t> read_format(Db& db, const std::string& path) {
  const auto application = db.number("PRAGMA application_id");
  if (!application) return application.error();
  const auto version = db.number("PRAGMA user_version");
  if (!version) return version.error();
  const auto tables = db.number("SELECT count(*) FROM sqlite_schema");
  if (!tables) return tables.error();
  if (*application != kApplicationId && (*application != 0 || *version != 0 || *tables != 0)) {
    return fail(Errc::invalid, path + " is a database of another program; name another file.");
  }
  if (*version < 0 || static_cast<std::size_t>(*version) > kMigrations.size()) {
    return fail(Errc::invalid, path + " was made by a newer version of taskcore (format " + std::to_string(*version) +
                                   ", known up to " + std::to_string(kMigrations.size()) + "); use that one.");
  }
  return *version;
}

Result<void> migrate(Db& db, const std::string& path, std::size_t last) {
  const auto version = read_format(db, path);
  if (!version) return version.error();
  if (auto wal = db.exec("PRAGMA journal_mode=WAL"); !wal) return wal;
  const auto is_wal = db.number("SELECT journal_mode = 'wal' FROM pragma_journal_mode");
  if (!is_wal) return is_wal.error();
  if (*is_wal == 0) return fail(Errc::unavailable, path + ": the file system gives no shared memory, which WAL needs.");
  if (static_cast<std::size_t>(*version) == kMigrations.size()) return {};
  if (auto begun = db.exec("BEGIN IMMEDIATE"); !begun) return begun;
  const auto applied = apply(db, static_cast<std::size_t>(*version), std::min(last, kMigrations.size()));
  if (!applied && db.in_transaction()) (void)db.exec("ROLLBACK");
  return applied;
}

}  // namespace taskcore::sqlite_store
