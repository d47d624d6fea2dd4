// A file of an older version is brought up to date, with what it holds.
#include <fstream>

#include "sqlite_file.hpp"
#include "stores/sqlite/schema.hpp"
#include "subject.hpp"

namespace taskcore::store_test {
namespace {

/// A file as that version left it.
void make_old(const std::string& path, std::size_t version, const std::string& rows) {
  std::ofstream{path};
  sqlite_store::Db db;
  db.open({.path = path, .writes = true}).value();
  sqlite_store::migrate(db, path, version).value();
  db.exec(rows).value();
}

std::string number(TimePoint at) { return std::to_string(at.time_since_epoch().count()); }

TEST_CASE("migrating twice changes nothing") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  const std::string schema = "SELECT group_concat(sql, char(10)) FROM sqlite_schema";
  sqlite(path)->open().value();
  const std::string first = ask(path, schema);
  sqlite(path)->open().value();
  CHECK(ask(path, schema) == first);
  CHECK(ask(path, "PRAGMA user_version") == "13");
}

TEST_CASE("a file of the first version is brought up to date with its rows") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  TaskRow task = task_row("a");
  task.key = 1;
  RunRow run = run_row(task.key);
  run.id = 1;
  RunRow later = run_row(task.key);
  later.id = 2;
  later.ready_at = later.due_at + std::chrono::hours(1);
  later.delayed = true;
  const std::string start = number(at(0));
  const std::string run_columns =
      "INSERT INTO runs (id, task, state, live, fence, priority, ready_at, due_at, created_at, run_trigger, "
      "missed_count, attempt, retries_used, losses, task_version, attempt_status, cancel_requested, queue) VALUES ";
  const std::string rest = start + ", " + start + ", 0, 0, 0, 0, 0, 0, 0, 0, 'default'); ";
  make_old(path, 1,
           "INSERT INTO tasks (key, live, running, last_run, last_settled, last_status, last_completed, version, "
           "priority, created_at, updated_at, anchor, once, paused, deleted, id, type, created_by, name, spec) VALUES "
           "(1, 0, 0, 0, 0, 0, 0, 1, 1, " +
               start + ", " + start + ", " + start +
               ", 0, 0, 0, 'a', 'function', 'ann', 'name of a', '{\"name\":\"x\"}'); " + run_columns +
               "(1, 1, 0, 1, 0, 1, " + start + ", " + rest + run_columns + "(2, 1, 0, 1, 0, 1, " +
               number(later.ready_at) + ", " + rest);
  const auto store = sqlite(path);
  store->open().value();
  CHECK(ask(path, "PRAGMA user_version") == "13");
  const auto live = store->live_runs(task.key, 10).value();
  REQUIRE(live.size() == 2);
  CHECK(text(live[0]) == text(run));
  CHECK(text(live[1]) == text(later));
  CHECK(store->first_delayed().value() == later.ready_at);
  CHECK(store->page_runs(task.key, {}).value().items.size() == 2);
  CHECK(text(store->find_task("a").value().value()) == text(task));
}

TEST_CASE("of the runs that an earlier version kept, those that were repeated are known") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  const std::string run =
      "INSERT INTO runs (id, retry_of, task, state, fence, priority, ready_at, due_at, created_at, run_trigger, "
      "missed_count, attempt, retries_used, losses, task_version, attempt_status, cancel_requested, queue) VALUES (";
  const std::string rest = ", 1, 5, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 1, 2, 0, 'default'); ";
  make_old(path, 6, run + "1, NULL" + rest + run + "2, NULL" + rest + run + "3, 1" + rest);
  const auto store = sqlite(path);
  store->open().value();
  CHECK(store->is_repeated(1).value());
  CHECK_FALSE(store->is_repeated(2).value());
  CHECK(store->find_run(3).value()->retry_of == 1);
}

TEST_CASE("ready runs with a concurrency key get their lines") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  const auto run = [](const std::string& rest) {
    return "INSERT INTO runs (task, fence, due_at, created_at, run_trigger, attempt, task_version, attempt_status, "
           "queue, priority, id, state, delayed, concurrency_key, ready_at) VALUES (1, 0, 1, 1, 0, 0, 1, 0, 'q', 1, " +
           rest + "); ";
  };
  make_old(path, 12,
           run("1, 0, 0, 'a', 30") + run("2, 0, 0, 'a', 20") + run("3, 0, 0, 'a', 20") + run("4, 0, 0, 'b', 10") +
               run("5, 0, 1, 'b', 5") + run("6, 3, 0, 'b', 5") + run("7, 0, 0, '', 5"));
  const auto store = sqlite(path);
  store->open().value();
  CHECK(ids(store->first_ready_of_keys("q", Priority::normal, "", 9).value()) == Ids{2, 4});
  CHECK(ids(store->ready_runs("q", Priority::normal, "a", 9).value()) == Ids{2, 3, 1});
  CHECK(ids(store->ready_runs("q", Priority::normal, "", 9).value()) == Ids{7});
  CHECK(ids(store->live_runs(1, RunState::ready, 9).value()) == Ids{1, 2, 3, 4, 5, 7});
}

TEST_CASE("the numbers that few runs have move into one column") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  const std::string run =
      "INSERT INTO runs (id, task, state, fence, priority, ready_at, due_at, created_at, run_trigger, missed_count, "
      "missed_from, attempt, retries_used, losses, task_version, attempt_status, exit_code, signal, cancel_requested, "
      "retry_of, items, items_completed, items_failed, queue) VALUES (";
  make_old(path, 10,
           run + "1, 1, 5, 3, 1, 1, 1, 1, 0, 7, 8, 3, 2, 1, 1, 2, 0, 9, 1, 10, 11, 4, 5, 'default'); " + run +
               "2, 1, 4, 1, 1, 1, 1, 1, 0, 0, NULL, 1, 0, 0, 1, 1, NULL, NULL, 0, NULL, 0, 0, 0, 'default')");
  const auto store = sqlite(path);
  store->open().value();
  const RunRow full = store->find_run(1).value().value();
  CHECK(full.missed_count == 7);
  CHECK(full.missed_from == TimePoint(Duration(8)));
  CHECK(full.retries_used == 2);
  CHECK(full.losses == 1);
  CHECK(full.exit_code == 0);
  CHECK(full.signal == 9);
  CHECK(full.cancel_requested);
  CHECK(full.retry_of == 10);
  CHECK(full.items == 11);
  CHECK(full.items_completed == 4);
  CHECK(full.items_failed == 5);
  CHECK(ask(path, "SELECT rare IS NULL FROM runs WHERE id = 2") == "1");
  CHECK(store->find_run(2).value()->retries_used == 0);
}

}  // namespace
}  // namespace taskcore::store_test
