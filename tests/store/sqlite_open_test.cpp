// Opening a SQLite store: whose file it is, what it must be, and what is said when it is not.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "sqlite_file.hpp"
#include "subject.hpp"

namespace taskcore::store_test {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// What the ninth version added goes.
constexpr const char* kWithoutItems =
    "DROP INDEX runs_items; DROP INDEX runs_settled; DROP INDEX runs_settled_items; DROP INDEX runs_by_instant; DROP "
    "INDEX runs_of_workflow; DROP INDEX runs_dead_letters; "
    "ALTER TABLE runs DROP COLUMN item_of; ALTER TABLE runs DROP COLUMN items; "
    "ALTER TABLE runs DROP COLUMN items_completed; ALTER TABLE runs DROP COLUMN items_failed; "
    "CREATE INDEX runs_settled ON runs (task) WHERE state > 3; "
    "CREATE UNIQUE INDEX runs_by_instant ON runs (task, scheduled_for) WHERE scheduled_for IS NOT NULL; "
    "CREATE INDEX runs_of_workflow ON runs (workflow, task) WHERE workflow IS NOT NULL; "
    "CREATE INDEX runs_dead_letters ON runs (id, task) WHERE state = 5 AND repeated IS NULL;";

Error refusal(const std::string& path) {
  const auto opened = sqlite(path)->open();
  REQUIRE(opened.has_error());
  return opened.error();
}

TEST_CASE("the owner of a file is named, in this process and in others") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  const auto owner = sqlite(path);
  owner->open().value();
  std::filesystem::create_symlink(path, dir.file("link.db"));
  for (const std::string& name : {path, dir.path().string() + "/./a.db", dir.file("link.db")}) {
    const Error error = refusal(name);
    CHECK(error.code == Errc::locked);
    CHECK(has(error.detail, path));
    CHECK(has(error.detail, "process " + std::to_string(::getpid())));
  }
  const pid_t child = ::fork();
  if (child == 0) ::_exit(sqlite(path)->open().has_error() ? 7 : 8);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 7));
}

TEST_CASE("the end of a process gives its file free") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  int ready[2];
  REQUIRE(::pipe2(ready, O_CLOEXEC) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto store = sqlite(path);
    const char good = store->open().has_value() ? 'y' : 'n';
    [[maybe_unused]] const ssize_t wrote = ::write(ready[1], &good, 1);
    ::pause();
    ::_exit(0);
  }
  char good = 0;
  REQUIRE(::read(ready[0], &good, 1) == 1);
  CHECK(good == 'y');
  CHECK(has(refusal(path).detail, "process " + std::to_string(child)));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);
  CHECK(sqlite(path)->open().has_value());
}

TEST_CASE("only the owner of the file may read it") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  const auto store = sqlite(path);
  store->open().value();
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
    struct stat file {};
    REQUIRE(::stat((path + suffix).c_str(), &file) == 0);
    CHECK((file.st_mode & 0777) == 0600);
  }
}

TEST_CASE("closing leaves one file, without a log") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  const auto store = sqlite(path);
  store->open().value();
  store->close();
  CHECK_FALSE(std::filesystem::exists(path + "-wal"));
  CHECK(ask(path, "PRAGMA integrity_check") == "ok");
  CHECK(ask(path, "PRAGMA application_id") == std::to_string(0x74736b63));
}

TEST_CASE("a path that cannot be used is refused in words that say why") {
  const TempDir dir;
  Error error = refusal(dir.file("none/a.db"));
  CHECK(error.code == Errc::unavailable);
  CHECK(has(error.detail, "does not exist"));
  error = refusal(dir.path().string());
  CHECK(error.code == Errc::unavailable);
  std::filesystem::create_directory(dir.file("folder"));
  error = refusal(dir.file("folder"));
  CHECK(error.code == Errc::unavailable);
  CHECK(has(error.detail, "is a directory"));
  std::ofstream(dir.file("plain")) << "x";
  error = refusal(dir.file("plain/a.db"));
  CHECK(error.code == Errc::unavailable);
  CHECK(has(error.detail, "is not a directory"));
  CHECK(refusal("").code == Errc::unavailable);
}

TEST_CASE("a directory that may not be written to is refused") {
  const TempDir dir;
  std::filesystem::permissions(dir.path(), std::filesystem::perms(0555));
  // The superuser may write anywhere.
  const bool super = ::geteuid() == 0;
  if (super) REQUIRE(::seteuid(65534) == 0);
  const auto opened = sqlite(dir.file("a.db"))->open();
  if (super) REQUIRE(::seteuid(0) == 0);
  std::filesystem::permissions(dir.path(), std::filesystem::perms(0700));
  REQUIRE(opened.has_error());
  CHECK(opened.error().code == Errc::unavailable);
  CHECK(has(opened.error().detail, "permission"));
}

TEST_CASE("a file of a newer version is refused and left as it is") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  sqlite(path)->open().value();
  ask(path, "PRAGMA user_version=99");
  const Error error = refusal(path);
  CHECK(error.code == Errc::invalid);
  CHECK(has(error.detail, "newer"));
  CHECK(ask(path, "PRAGMA user_version") == "99");
}

TEST_CASE("a database of another program is refused and left as it is") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  ask(path, "CREATE TABLE other (a)");
  CHECK(refusal(path).code == Errc::invalid);
  CHECK(ask(path, "SELECT group_concat(name) FROM sqlite_schema") == "other");
  CHECK(ask(path, "PRAGMA journal_mode") == "delete");
}

TEST_CASE("migrating twice changes nothing") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  const std::string schema = "SELECT group_concat(sql, char(10)) FROM sqlite_schema";
  sqlite(path)->open().value();
  const std::string first = ask(path, schema);
  sqlite(path)->open().value();
  CHECK(ask(path, schema) == first);
  CHECK(ask(path, "PRAGMA user_version") == "10");
}

TEST_CASE("a file of the first version is brought up to date with its rows") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  const auto store = sqlite(path);
  store->open().value();
  store->begin().value();
  TaskRow task = task_row("a");
  store->insert_task(task).value();
  RunRow run = run_row(task.key);
  store->insert_run(run).value();
  RunRow later = run_row(task.key);
  later.ready_at = later.due_at + std::chrono::hours(1);
  later.delayed = true;
  store->insert_run(later).value();
  store->commit().value();
  store->close();
  ask(path, kWithoutItems);
  ask(path,
      "DROP INDEX tasks_by_unique_key; ALTER TABLE tasks DROP COLUMN unique_key; "
      "DROP TABLE queues; DROP TABLE rates; DROP INDEX runs_ready; DROP INDEX runs_delayed; "
      "ALTER TABLE runs DROP COLUMN signal_value; "
      "ALTER TABLE runs DROP COLUMN delayed; ALTER TABLE runs DROP COLUMN concurrency_key; "
      "CREATE INDEX runs_ready ON runs (queue, priority, ready_at) WHERE state = 0; "
      "DROP INDEX runs_dead_letters; ALTER TABLE runs DROP COLUMN repeated;"
      "ALTER TABLE tasks DROP COLUMN consumed; DROP INDEX runs_of_workflow; DROP INDEX runs_live_of_workflow; ALTER "
      "TABLE runs DROP COLUMN workflow; "
      "ALTER TABLE runs DROP COLUMN retry_of; DROP INDEX tasks_by_calendar; ALTER TABLE tasks DROP COLUMN calendar; "
      "DROP TABLE calendars;"
      "ALTER TABLE tasks DROP COLUMN schedule_runs;"
      "DROP INDEX runs_ready_of_task; DROP INDEX runs_busy; DROP INDEX runs_settled;"
      "ALTER TABLE runs ADD COLUMN live INTEGER; UPDATE runs SET live = 1 WHERE state < 4;"
      "CREATE INDEX runs_by_task ON runs (task); CREATE INDEX runs_live ON runs (task, due_at) WHERE live = 1;"
      "CREATE INDEX runs_busy ON runs (state, task) WHERE state BETWEEN 1 AND 3; PRAGMA user_version = 1");
  store->open().value();
  CHECK(ask(path, "PRAGMA user_version") == "10");
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
  const auto store = sqlite(path);
  store->open().value();
  store->begin().value();
  RunRow failed = settled_row(1, at(1), RunState::failed);
  store->insert_run(failed).value();
  RunRow other = settled_row(1, at(1), RunState::failed);
  store->insert_run(other).value();
  RunRow again = run_row(1);
  again.retry_of = failed.id;
  store->insert_run(again).value();
  store->commit().value();
  store->close();
  ask(path, kWithoutItems);
  ask(path,
      "ALTER TABLE runs DROP COLUMN signal_value; DROP INDEX tasks_by_unique_key; ALTER TABLE tasks DROP COLUMN "
      "unique_key; "
      "DROP INDEX runs_dead_letters; ALTER TABLE runs DROP COLUMN repeated; PRAGMA user_version = 6");
  store->open().value();
  CHECK(store->is_repeated(failed.id).value());
  CHECK_FALSE(store->is_repeated(other.id).value());
}

}  // namespace
}  // namespace taskcore::store_test
