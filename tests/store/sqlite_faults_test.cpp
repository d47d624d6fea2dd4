// What a full or failing disk does to the SQLite store, and a kill in the middle of a batch.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faulty_vfs.hpp"
#include "sqlite_file.hpp"
#include "subject.hpp"

namespace taskcore::store_test {
namespace {

/// Writes a batch of runs; gives the first error.
Result<void> write_batch(Store& store, TaskKey task, int runs) {
  if (auto begun = store.begin(); !begun) return begun;
  for (int i = 0; i < runs; ++i) {
    RunRow row = run_row(task);
    row.params = std::string(500, 'p');
    if (auto inserted = store.insert_run(row); !inserted) return inserted.error();
  }
  return store.commit();
}

std::size_t count_runs(Store& store) { return store.page_runs(0, {.limit = 1000}).value().items.size(); }

TEST_CASE("a full disk is told apart, undone by a rollback, and over when there is room again") {
  FaultyVfs disk;
  Subject store(Kind::sqlite);
  const TaskKey task = store.add(task_row("a"));
  write_batch(*store, task, 10).value();
  for (const int after : {0, 1, 3}) {
    disk.fail_writes(SQLITE_FULL, after);
    const auto failed = write_batch(*store, task, 50);
    REQUIRE(failed.has_error());
    CHECK(failed.error().code == Errc::storage_full);
    store->rollback();
    CHECK(count_runs(*store) == 10);
    CHECK(store->make_reader().value()->find_task("a").value());
  }
  disk.fail_writes(SQLITE_OK);
  write_batch(*store, task, 5).value();
  CHECK(count_runs(*store) == 15);
  store.reopen();
  CHECK(count_runs(*store) == 15);
}

TEST_CASE("a disk that is full within a large batch is undone too") {
  FaultyVfs disk;
  TempDir dir;
  // A small cache spills pages before the commit.
  const auto store = sqlite(SqliteOptions{.path = dir.file("a.db"), .cache_bytes = 64 * 1024});
  store->open().value();
  store->begin().value();
  TaskRow task = task_row("a");
  store->insert_task(task).value();
  store->commit().value();
  disk.fail_writes(SQLITE_FULL, 5);
  CHECK(write_batch(*store, task.key, 2000).error().code == Errc::storage_full);
  store->rollback();
  disk.fail_writes(SQLITE_OK);
  CHECK(count_runs(*store) == 0);
  write_batch(*store, task.key, 7).value();
  CHECK(count_runs(*store) == 7);
}

TEST_CASE("a failing write makes the store unavailable until it heals") {
  FaultyVfs disk;
  Subject store(Kind::sqlite);
  const TaskKey task = store.add(task_row("a"));
  disk.fail_writes(SQLITE_IOERR_WRITE);
  CHECK(write_batch(*store, task, 5).error().code == Errc::unavailable);
  store->rollback();
  disk.fail_writes(SQLITE_OK);
  write_batch(*store, task, 5).value();
  CHECK(count_runs(*store) == 5);
}

TEST_CASE("after a failure no batch passes without proof that the store takes writes") {
  FaultyVfs disk;
  Subject store(Kind::sqlite);
  const TaskKey task = store.add(task_row("a"));
  disk.fail_writes(SQLITE_FULL);
  CHECK(write_batch(*store, task, 5).error().code == Errc::storage_full);
  store->rollback();
  CHECK(write_batch(*store, task, 0).error().code == Errc::storage_full);
  store->rollback();
  disk.fail_writes(SQLITE_OK);
  write_batch(*store, task, 0).value();
}

TEST_CASE("a database or a log that was moved away takes no writes until it is back, and reads go on") {
  const char* const suffix = GENERATE("", "-wal");
  const bool is_replaced = GENERATE(false, true);
  const TempDir dir;
  const std::string path = dir.file("a.db");
  const auto store = sqlite(path);
  store->open().value();
  write_batch(*store, 1, 5).value();
  const auto reader = store->make_reader().value();
  CHECK(reader->find_run(5).value());
  std::filesystem::rename(path + suffix, dir.file("away"));
  if (is_replaced) std::filesystem::copy_file(dir.file("away"), path + suffix);
  const auto refused = write_batch(*store, 1, 5);
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == Errc::unavailable);
  store->rollback();
  CHECK(store->make_reader().error().code == Errc::unavailable);
  CHECK(reader->find_run(5).value());
  std::filesystem::rename(dir.file("away"), path + suffix);
  write_batch(*store, 1, 5).value();
  store->close();
  CHECK(ask(path, "SELECT count(*) FROM runs") == "10");
}

TEST_CASE("after a failed sync nothing is written until the store is opened again") {
  FaultyVfs disk;
  Subject store(Kind::sqlite);
  const TaskKey task = store.add(task_row("a"));
  disk.fail_syncs(SQLITE_IOERR_FSYNC);
  CHECK(write_batch(*store, task, 5).error().code == Errc::internal);
  store->rollback();
  disk.fail_syncs(SQLITE_OK);
  CHECK(store->begin().error().code == Errc::internal);
  CHECK(store->find_task("a").value());
  store.reopen();
  const std::size_t kept = count_runs(*store);
  CHECK((kept == 0 || kept == 5));
  write_batch(*store, task, 5).value();
}

TEST_CASE("with full sync each commit is synced, without it none need be") {
  FaultyVfs disk;
  const bool full_sync = GENERATE(true, false);
  TempDir dir;
  const auto store = sqlite(SqliteOptions{.path = dir.file("a.db"), .full_sync = full_sync});
  store->open().value();
  const int before = disk.syncs();
  for (int i = 0; i < 5; ++i) write_batch(*store, 1, 1).value();
  if (full_sync) {
    CHECK(disk.syncs() >= before + 5);
  } else {
    CHECK(disk.syncs() < before + 5);
  }
}

TEST_CASE("a long log is checkpointed on the way, readers or not") {
  TempDir dir;
  const std::string path = dir.file("a.db");
  const auto store = sqlite(SqliteOptions{.path = path, .full_sync = false});
  store->open().value();
  const auto reader = store->make_reader().value();
  for (int i = 0; i < 60; ++i) {
    write_batch(*store, 1, 1000).value();
    CHECK(reader->find_run(1).value());
  }
  CHECK(std::filesystem::file_size(path + "-wal") < 60 * 1024 * 1024);
  CHECK(std::filesystem::file_size(path) > 4 * 1024 * 1024);
}

/// Commits batches of `kBatch` runs for ever and tells of each.
constexpr int kBatch = 20;
[[noreturn]] void write_until_killed(const std::string& path, int told) {
  const auto store = sqlite(path);
  if (!store->open()) ::_exit(1);
  for (;;) {
    if (!write_batch(*store, 1, kBatch)) ::_exit(2);
    const char one = '1';
    if (::write(told, &one, 1) != 1) ::_exit(3);
  }
}

TEST_CASE("a kill in the middle of a batch loses no committed one and leaves no half") {
  TempDir dir;
  const std::string path = dir.file("a.db");
  std::size_t told_of = 0;
  for (int round = 0; round < 5; ++round) {
    int told[2];
    REQUIRE(::pipe2(told, O_CLOEXEC) == 0);
    const pid_t child = ::fork();
    if (child == 0) write_until_killed(path, told[1]);
    ::close(told[1]);
    char one = 0;
    for (int i = 0; i < 3 + round * 7; ++i) REQUIRE(::read(told[0], &one, 1) == 1);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    told_of += static_cast<std::size_t>(3 + round * 7);
    while (::read(told[0], &one, 1) == 1) ++told_of;
    ::close(told[0]);
    sqlite(path)->open().value();
    CHECK(ask(path, "PRAGMA integrity_check") == "ok");
    const std::size_t runs = std::stoul(ask(path, "SELECT count(*) FROM runs"));
    CHECK(runs % kBatch == 0);
    CHECK(runs >= told_of * kBatch);
    CHECK(runs <= (told_of + static_cast<std::size_t>(round) + 1) * kBatch);
  }
}

}  // namespace
}  // namespace taskcore::store_test
