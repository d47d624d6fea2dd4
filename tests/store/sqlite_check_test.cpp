// What an examination of a database finds, and that it leaves the file as it is.
#include <fstream>
#include <iterator>

#include "model/audit_chain.hpp"
#include "sqlite_file.hpp"
#include "subject.hpp"

namespace taskcore::store_test {
namespace {

/// Two tasks, of which the second depends on the first and is assigned to somebody, and a run in each state.
std::string made_file(const TempDir& dir) {
  const std::string path = dir.file("a.db");
  const auto store = sqlite(path);
  store->open().value();
  store->begin().value();
  TaskRow first = task_row("first");
  first.key = store->new_task_key().value();
  TaskRow second = task_row("second");
  for (const RunState state : {RunState::ready, RunState::running, RunState::completed, RunState::failed}) {
    RunRow run = is_settled(state) ? settled_row(first.key, at(5), state) : run_row(first.key, state);
    run.params = R"({"n":1})";
    run.concurrency_key = "k";
    store->insert_run(run).value();
    first.state.last_run = run.id;
    first.state.live += is_settled(state) ? 0 : 1;
    first.state.running += state == RunState::running ? 1 : 0;
    if (state == RunState::completed) first.state.last_completed = run.id;
    if (is_settled(state)) first.state.last_settled = run.id;
  }
  store->insert_task(first).value();
  second.upstreams = {first.key};
  second.assigned_to = {"bob"};
  store->insert_task(second).value();
  store->commit().value();
  store->close();
  return path;
}

std::string bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("a sound database is found so, and not a byte of it changes") {
  const TempDir dir;
  const std::string path = made_file(dir);
  const std::string before = bytes(path);
  const SqliteCheck found = check_sqlite(path).value();
  CHECK(found.problems == std::vector<std::string>{});
  CHECK(found.tasks == 2);
  CHECK(found.runs == 4);
  CHECK(bytes(path) == before);
  sqlite(path)->open().value();
}

TEST_CASE("a database is examined beside the store that has it open, as it is committed") {
  const TempDir dir;
  const std::string path = made_file(dir);
  const auto store = sqlite(path);
  store->open().value();
  store->begin().value();
  TaskRow task = task_row("third");
  store->insert_task(task).value();
  CHECK(check_sqlite(path).value().tasks == 2);
  store->commit().value();
  const SqliteCheck found = check_sqlite(path).value();
  CHECK(found.problems.empty());
  CHECK(found.tasks == 3);
}

TEST_CASE("what does not hold between the rows is named") {
  struct Damage {
    const char* sql;
    const char* problem;
  };
  const auto damage =
      GENERATE(Damage{"DELETE FROM last_keys", "the table last_keys does not have its one row"},
               Damage{"UPDATE tasks SET live = 9 WHERE id = 'first'",
                      "task first does not have as many live and running runs as it counts"},
               Damage{"UPDATE tasks SET running = 0 WHERE id = 'first'",
                      "task first does not have as many live and running runs as it counts"},
               Damage{"DELETE FROM runs WHERE state = 5", "task first: run_"},
               Damage{"UPDATE runs SET state = 6 WHERE state = 4", "newest completed run, and is not one of the task"},
               Damage{"UPDATE runs SET task = 77 WHERE state = 4", "belongs to a task that is not there"},
               Damage{"UPDATE runs SET finished_at = NULL WHERE state = 4", "has ended at no time"},
               Damage{"DELETE FROM edges", "task second depends on other tasks than its edges say"},
               Damage{"UPDATE edges SET upstream = 99", "the edge from 99 to 2 belongs to a task that is not there"},
               Damage{"UPDATE assignments SET user = 'eve'", "task second is assigned to other users than"},
               Damage{"UPDATE tasks SET spec = '{' WHERE id = 'first'", "task first has a definition that is no JSON"},
               Damage{"UPDATE runs SET params = '{' WHERE state = 0", "has a value that is no JSON"},
               Damage{"DELETE FROM line_places", "is ready, and does not stand in the line of its key"},
               Damage{"UPDATE runs SET delayed = 1 WHERE state = 0", "stands in the line of a key, and is not ready"},
               Damage{"UPDATE lines SET gone = 1", "the line of the key k in the queue default at priority 1 does not"},
               Damage{"UPDATE lines SET first_run = 77", "does not begin where it says"},
               Damage{"UPDATE runs SET rare = '[]' WHERE state = 0", "is damaged"},
               Damage{"UPDATE tasks SET priority = -1", "is damaged"}, Damage{"DROP TABLE edges", "no such table"});
  const TempDir dir;
  const std::string path = made_file(dir);
  ask(path, damage.sql);
  std::string all;
  for (const std::string& problem : check_sqlite(path).value().problems) all += problem + "\n";
  INFO(damage.sql << ": " << all);
  CHECK(all.find(damage.problem) != std::string::npos);
}

TEST_CASE("bytes that changed on the disk, and a file that was cut off, are found") {
  const TempDir dir;
  const std::string path = made_file(dir);
  const auto size = std::filesystem::file_size(path);
  SECTION("bytes") {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    for (std::uintmax_t page = 4096; page < size; page += 4096) {
      file.seekp(static_cast<std::streamoff>(page));
      file << "damage";
    }
  }
  SECTION("size") { std::filesystem::resize_file(path, size / 2); }
  const auto found = check_sqlite(path);
  REQUIRE(found.has_value());
  CHECK_FALSE(found->problems.empty());
}

TEST_CASE("what is no database of ours is an error, not a finding") {
  const TempDir dir;
  CHECK(check_sqlite(dir.file("none.db")).error().code == Errc::unavailable);
  std::ofstream(dir.file("empty.db"));
  CHECK(check_sqlite(dir.file("empty.db")).error().code == Errc::invalid);
  ask(dir.file("other.db"), "CREATE TABLE other (a)");
  CHECK(check_sqlite(dir.file("other.db")).error().code == Errc::invalid);
  const std::string path = made_file(dir);
  ask(path, "PRAGMA user_version=99");
  CHECK(check_sqlite(path).error().code == Errc::invalid);
}

TEST_CASE("a row of the audit trail that was changed or taken out is named") {
  const TempDir dir;
  const std::string path = made_file(dir);
  const auto store = sqlite(path);
  store->open().value();
  store->begin().value();
  AuditMark last;
  for (std::int64_t seq = 1; seq <= 3; ++seq) {
    AuditEntry row{.seq = seq, .at = at(seq), .actor = "ann", .action = "task.create", .target = "first"};
    row.hash = chain_hash(last.hash, row);
    store->append_audit(row).value();
    last = {seq, row.hash};
  }
  store->commit().value();
  store->close();
  CHECK(check_sqlite(path).value().problems == std::vector<std::string>{});
  CHECK(check_sqlite(path).value().audit_rows == 3);
  ask(path,
      GENERATE(as<std::string>{}, "UPDATE audit SET actor = 'bob' WHERE seq = 2", "DELETE FROM audit WHERE seq = 2"));
  const auto problems = check_sqlite(path).value().problems;
  REQUIRE(problems.size() == 1);
  CHECK(problems[0] == "the audit trail is broken at row 2: rows were changed or taken out");
}

TEST_CASE("after a crash the file is looked at before it is used, and damage keeps it from being opened") {
  const TempDir dir;
  const std::string path = made_file(dir);
  const std::string lock = path + ".lock";
  CHECK(std::filesystem::file_size(lock) == 0);
  // An index that has lost its rows: what a page that did not reach the disk may leave, and no read of a row meets.
  ask(path,
      "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema "
      "WHERE name = 'rates_expired') WHERE name = 'edges_by_downstream'");
  sqlite(path)->open().value();  // closed in order: it is not looked for
  std::ofstream(lock) << "12345\n";
  CHECK(sqlite(SqliteOptions{.path = path, .check_after_crash = false})->open().has_value());
  std::ofstream(lock) << "12345\n";
  for (int i = 0; i < 2; ++i) {
    const auto opened = sqlite(path)->open();
    REQUIRE(opened.has_error());
    CHECK(opened.error().code == Errc::corrupt);
    CHECK(opened.error().detail.find("is damaged (") != std::string::npos);
  }
}

}  // namespace taskcore::store_test
