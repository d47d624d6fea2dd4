// The examination: the file by SQLite's own check, each row by reading it, and the rules below by a query each.
#include "check.hpp"

#include <array>
#include <sstream>

#include "lock_file.hpp"
#include "model/ids.hpp"
#include "rows.hpp"
#include "schema.hpp"
#include "statements.hpp"
#include "store.hpp"
#include "taskcore/audit.hpp"
#include "taskcore/stores/sqlite.hpp"

namespace taskcore::sqlite_store {
namespace {

constexpr std::size_t kMostOfAKind = 100;
constexpr std::size_t kCacheBytes = 8 * 1024 * 1024;

/// What must hold between rows. The query gives those for which it does not: words, and the id of a run or 0.
struct Rule {
  const char* query;
  const char* fault;
};

constexpr std::array kRules{
    Rule{"SELECT 'the table last_keys', 0 WHERE 1 <> "
         "(SELECT count(*) FROM last_keys WHERE task >= 0 AND run >= 0 AND log >= 0)",
         "does not have its one row"},
    Rule{"WITH counted AS (SELECT task, sum(item_of IS NULL) AS live, sum(state = 3) AS running FROM ("
         "SELECT task, item_of, state FROM runs WHERE state = 0 UNION ALL "
         "SELECT task, item_of, state FROM runs WHERE state BETWEEN 1 AND 3) GROUP BY task) "
         "SELECT 'task ' || id, 0 FROM tasks LEFT JOIN counted ON task = key "
         "WHERE tasks.live <> ifnull(counted.live, 0) OR tasks.running <> ifnull(counted.running, 0)",
         "does not have as many live and running runs as it counts"},
    Rule{"SELECT 'task ' || tasks.id, last_settled FROM tasks LEFT JOIN runs ON runs.id = last_settled "
         "WHERE deleted = 0 AND last_settled <> 0 AND (runs.task IS NOT key OR state <= 3)",
         "is named as the newest settled run, and is not one of the task"},
    Rule{"SELECT 'task ' || tasks.id, last_completed FROM tasks LEFT JOIN runs ON runs.id = last_completed "
         "WHERE deleted = 0 AND last_completed <> 0 AND (runs.task IS NOT key OR state <> 4)",
         "is named as the newest completed run, and is not one of the task"},
    Rule{"SELECT '', id FROM runs WHERE NOT EXISTS (SELECT 1 FROM tasks WHERE key = runs.task)",
         "belongs to a task that is not there"},
    Rule{"SELECT '', id FROM runs WHERE state > 3 AND finished_at IS NULL", "has ended at no time"},
    Rule{"SELECT '', id FROM runs WHERE state = 0 AND delayed = 0 AND concurrency_key <> '' AND NOT EXISTS ("
         "SELECT 1 FROM lines CROSS JOIN line_places USING (in_queue, at_priority, of_key) WHERE in_queue = queue "
         "AND at_priority = priority AND of_key = concurrency_key AND ready_from = ready_at AND run = id "
         "AND (ready_from, run) >= (first_at, first_run))",
         "is ready, and does not stand in the line of its key"},
    Rule{"SELECT '', run FROM line_places LEFT JOIN lines USING (in_queue, at_priority, of_key) WHERE "
         "(first_run IS NULL OR (ready_from, run) >= (first_at, first_run)) AND NOT EXISTS (SELECT 1 FROM runs WHERE "
         "id = run AND state = 0 AND delayed = 0 AND queue = in_queue AND priority = at_priority "
         "AND concurrency_key = of_key AND ready_at = ready_from)",
         "stands in the line of a key, and is not ready"},
    Rule{"SELECT 'the line of the key ' || of_key || ' in the queue ' || in_queue || ' at priority ' || at_priority, 0 "
         "FROM lines WHERE "
         "gone <> (SELECT count(*) FROM line_places AS place WHERE place.in_queue = lines.in_queue AND "
         "place.at_priority = lines.at_priority AND place.of_key = lines.of_key AND "
         "(ready_from, run) < (first_at, first_run)) OR NOT EXISTS (SELECT 1 FROM line_places AS place WHERE "
         "place.in_queue = lines.in_queue AND place.at_priority = lines.at_priority AND place.of_key = lines.of_key "
         "AND ready_from = first_at AND run = first_run)",
         "does not begin where it says"},
    Rule{"SELECT 'the edge from ' || upstream || ' to ' || downstream, 0 FROM edges WHERE "
         "NOT EXISTS (SELECT 1 FROM tasks WHERE key = upstream) OR "
         "NOT EXISTS (SELECT 1 FROM tasks WHERE key = downstream)",
         "belongs to a task that is not there"},
    Rule{"SELECT 'task ' || id, 0 FROM tasks WHERE (upstreams IS NOT NULL OR key IN (SELECT downstream FROM edges)) "
         "AND ((SELECT count(DISTINCT value) FROM json_each(upstreams)) <> "
         "(SELECT count(*) FROM edges WHERE downstream = tasks.key) OR "
         "EXISTS (SELECT 1 FROM json_each(upstreams) WHERE value NOT IN "
         "(SELECT upstream FROM edges WHERE downstream = tasks.key)))",
         "depends on other tasks than its edges say"},
    Rule{"SELECT 'task ' || id, 0 FROM tasks WHERE (assigned_to IS NOT NULL OR key IN (SELECT task FROM assignments)) "
         "AND ((SELECT count(DISTINCT value) FROM json_each(assigned_to)) <> "
         "(SELECT count(*) FROM assignments WHERE task = tasks.key) OR "
         "EXISTS (SELECT 1 FROM json_each(assigned_to) WHERE value NOT IN "
         "(SELECT user FROM assignments WHERE task = tasks.key)))",
         "is assigned to other users than its assignments say"},
    Rule{"SELECT 'task ' || id, 0 FROM tasks WHERE NOT json_valid(spec)", "has a definition that is no JSON"},
    // NULL is no JSON to SQLite, and is none here.
    Rule{"SELECT '', id FROM runs WHERE NOT (json_valid(ifnull(params, 0)) AND json_valid(ifnull(result, 0)) AND "
         "json_valid(ifnull(error, 0)) AND json_valid(ifnull(checkpoint, 0)) AND "
         "json_valid(ifnull(past_attempts, 0)) AND json_valid(ifnull(signal_value, 0)))",
         "has a value that is no JSON"},
};

/// The lines of what SQLite found, without its headings.
std::vector<std::string> findings(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line != "ok" && !line.starts_with("***")) out.push_back(std::move(line));
  }
  return out;
}

class Examination {
 public:
  Examination(Db& db, const std::string& path) : db_(db), path_(path) {}

  Result<SqliteCheck> run() {
    // One state of the database, whatever others write meanwhile.
    if (auto begun = db_.exec("BEGIN"); !begun) return begun.error();
    const auto format = read_format(db_, path_);
    if (!format && format.error().code != Errc::corrupt) return format.error();
    if (!format) return tell(format.error().detail), found_;
    if (*format == 0) return fail(Errc::invalid, path_ + " is empty: it is no database of taskcore.");
    note(look_at_file());
    if (!found_.problems.empty()) return found_;
    note(count());
    // An older format is brought up to date by the store that opens it next.
    if (*format != newest_format()) return found_;
    note(read_all("SELECT " + std::string(kTaskColumns) + " FROM tasks", [](Use& use) { read_task(use); }));
    note(read_all("SELECT " + std::string(kRunColumns) + " FROM runs", [](Use& use) { read_run(use); }));
    for (const Rule& rule : kRules) note(look_for(rule));
    return found_;
  }

 private:
  void tell(std::string problem) { found_.problems.push_back(std::move(problem)); }
  void note(Result<void> done) {
    if (!done) tell(done.error().detail);
  }

  Result<void> look_at_file() {
    Stmt check(db_, "PRAGMA integrity_check(" + std::to_string(kMostOfAKind) + ")");
    Use use(check);
    while (use.next()) {
      for (std::string& line : findings(use.get<std::string>())) tell(std::move(line));
    }
    if (use.failed()) return use.failure();
    Stmt keys(db_, "PRAGMA foreign_key_check");
    Use dangling(keys);
    while (dangling.next()) tell("a row of " + dangling.get<std::string>() + " names one that is not there");
    if (dangling.failed()) return dangling.failure();
    return {};
  }

  Result<void> count() {
    const auto tasks = db_.number("SELECT count(*) FROM tasks WHERE deleted = 0");
    if (!tasks) return tasks.error();
    const auto runs = db_.number("SELECT count(*) FROM runs");
    if (!runs) return runs.error();
    found_.tasks = static_cast<std::size_t>(*tasks);
    found_.runs = static_cast<std::size_t>(*runs);
    return {};
  }

  template <class Read>
  Result<void> read_all(std::string query, Read read) {
    Stmt rows(db_, std::move(query));
    Use use(rows);
    while (use.next()) read(use);
    if (use.failed()) return use.failure();
    return {};
  }

  Result<void> look_for(const Rule& rule) {
    Stmt query(db_, std::string(rule.query) + " LIMIT " + std::to_string(kMostOfAKind));
    Use use(query);
    while (use.next()) {
      auto who = use.get<std::string>();
      const auto run = use.get<RunKey>();
      if (run != 0) who += (who.empty() ? "" : ": ") + run_id(run);
      tell(who + " " + rule.fault);
    }
    if (use.failed()) return use.failure();
    return {};
  }

  Db& db_;
  const std::string& path_;
  SqliteCheck found_{};
};

/// The chain of the audit trail; rows may come and go meanwhile.
void look_at_trail(const std::string& path, SqliteCheck& found) {
  Reader reader;
  const auto opened = reader.open({.path = path, .cache_bytes = kCacheBytes});
  const auto trail = opened ? verify_audit(reader) : Result<AuditCheck>(opened.error());
  if (!trail) return found.problems.push_back(trail.error().detail);
  found.audit_rows = trail->rows;
  if (!trail->broken_at) return;
  found.problems.push_back("the audit trail is broken at row " + std::to_string(*trail->broken_at) +
                           ": rows were changed or taken out");
}

}  // namespace

Result<void> quick_check(Db& db, const std::string& path) {
  Stmt check(db, "PRAGMA quick_check(1)");
  Use use(check);
  const auto found = findings(use.next() ? use.get<std::string>() : "");
  if (use.failed()) return use.failure();
  if (!found.empty()) return fail(Errc::corrupt, path + " is damaged (" + found.front() + ").");
  return {};
}

}  // namespace taskcore::sqlite_store

namespace taskcore {

Result<SqliteCheck> check_sqlite(const std::string& path) {
  using namespace sqlite_store;
  if (!file_id(path)) return fail(Errc::unavailable, path + ": there is no such file, or it cannot be reached.");
  Db db;
  if (auto opened = db.open({.path = path, .cache_bytes = kCacheBytes}); !opened) {
    if (opened.error().code != Errc::corrupt) return opened.error();
    return SqliteCheck{.problems = {opened.error().detail}};
  }
  auto found = Examination(db, path).run();
  const auto format = read_format(db, path);
  if (found && found->problems.empty() && format && *format == newest_format()) look_at_trail(path, *found);
  return found;
}

}  // namespace taskcore
