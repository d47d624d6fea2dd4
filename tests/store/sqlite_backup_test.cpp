// Backups taken beside a store at work, and their way back.
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <thread>

#include "faulty_vfs.hpp"
#include "sqlite_file.hpp"
#include "subject.hpp"

namespace taskcore::store_test {
namespace {

std::unique_ptr<Store> made_store(const std::string& path, const std::string& task) {
  auto store = sqlite(path);
  store->open().value();
  store->begin().value();
  TaskRow row = task_row(task);
  store->insert_task(row).value();
  store->commit().value();
  return store;
}

/// Commits `count` runs that have ended.
void add_runs(Store& store, int count) {
  store.begin().value();
  TaskRow task = store.find_task("a").value().value();
  for (int i = 0; i < count; ++i) {
    RunRow run = settled_row(task.key, at(1));
    run.params = "\"" + std::string(2000, 'p') + "\"";
    store.insert_run(run).value();
    task.state.last_run = task.state.last_settled = task.state.last_completed = run.id;
    task.state.last_status = Status::completed;
  }
  store.update_task_state(task.key, task.state).value();
  store.commit().value();
}

std::vector<std::string> names_in(const TempDir& dir) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(dir.path())) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

TEST_CASE("a backup in the middle of a write load is whole, and holds all that was committed before it began") {
  const TempDir dir;
  const TempDir other;
  const std::string path = dir.file("a.db");
  const auto store = made_store(path, "a");
  for (int i = 0; i < 20; ++i) add_runs(*store, 100);
  std::atomic<bool> is_over{false};
  std::atomic<int> committed{2000};
  std::thread writer([&] {
    while (!is_over) {
      add_runs(*store, 10);
      committed += 10;
    }
  });
  for (int i = 0; i < 5; ++i) {
    const int before = committed;
    std::size_t steps = 0;
    const std::string file = other.file(std::to_string(i));
    backup_sqlite(path, file,
                  {.on_progress =
                       [&](std::size_t done, std::size_t total) {
                         ++steps;
                         CHECK(done <= total);
                       }})
        .value();
    CHECK(steps > 1);
    const SqliteCheck found = check_sqlite(file).value();
    CHECK(found.problems == std::vector<std::string>{});
    CHECK(found.runs >= static_cast<std::size_t>(before));
    CHECK(found.runs % 10 == 0);
  }
  is_over = true;
  writer.join();
  CHECK(names_in(other) == std::vector<std::string>{"0", "1", "2", "3", "4"});
}

TEST_CASE("a backup is one file for its owner only, and replaces another when it is told to") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  const auto store = made_store(path, "a");
  const std::string file = dir.file("b");
  backup_sqlite(path, file).value();
  struct stat info {};
  REQUIRE(::stat(file.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  add_runs(*store, 3);
  CHECK(backup_sqlite(path, file).error().code == Errc::conflict);
  CHECK(check_sqlite(file).value().runs == 0);
  backup_sqlite(path, file, {.replace = true}).value();
  CHECK(check_sqlite(file).value().runs == 3);
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
    CHECK(backup_sqlite(path, path + suffix, {.replace = true}).error().code == Errc::invalid);
  }
  CHECK(backup_sqlite(path, dir.file("none/b")).error().code == Errc::unavailable);
  CHECK(backup_sqlite(dir.file("none.db"), dir.file("c")).error().code == Errc::unavailable);
  CHECK(names_in(dir) == std::vector<std::string>{"a.db", "a.db-shm", "a.db-wal", "a.db.lock", "b"});
}

TEST_CASE("a backup that finds no room, or a damaged page, leaves nothing behind") {
  FaultyVfs disk;
  const TempDir dir;
  const TempDir other;
  const std::string path = dir.file("a.db");
  made_store(path, "a")->close();
  disk.fail_writes(SQLITE_FULL, 3);
  CHECK(backup_sqlite(path, other.file("b")).error().code == Errc::storage_full);
  disk.fail_writes(SQLITE_OK);
  CHECK(names_in(other).empty());
  std::fstream(path, std::ios::in | std::ios::out | std::ios::binary).seekp(4096) << std::string(4096, 'x');
  CHECK(backup_sqlite(path, other.file("b")).error().code == Errc::corrupt);
  CHECK(names_in(other).empty());
}

TEST_CASE("a backup takes the place of the database, which is kept, and opens as any other") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  auto store = made_store(path, "a");
  backup_sqlite(path, dir.file("b")).value();
  add_runs(*store, 3);
  CHECK(restore_sqlite(dir.file("b"), path).error().code == Errc::locked);
  CHECK(store->find_run(3).value());
  store->close();
  const std::string kept = restore_sqlite(dir.file("b"), path).value();
  CHECK(kept.rfind(path + ".before-2", 0) == 0);
  CHECK(check_sqlite(kept).value().runs == 3);
  store->open().value();
  CHECK_FALSE(store->find_run(1).value());
  add_runs(*store, 1);
  store->close();
  CHECK(check_sqlite(path).value().problems.empty());
}

TEST_CASE("a backup is restored where there is no database yet") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  made_store(path, "a");
  backup_sqlite(path, dir.file("b")).value();
  std::filesystem::create_directory(dir.file("new"));
  CHECK(restore_sqlite(dir.file("b"), dir.file("new/a.db")).value().empty());
  CHECK(check_sqlite(dir.file("new/a.db")).value().tasks == 1);
}

TEST_CASE("the log that a crash has left does not get into what is restored, and is kept with the old database") {
  const TempDir dir;
  const TempDir crashed;
  const std::string path = dir.file("a.db");
  const auto store = made_store(path, "a");
  backup_sqlite(path, dir.file("b")).value();
  add_runs(*store, 3);
  for (const char* suffix : {"", "-wal"}) {
    std::filesystem::copy_file(path + suffix, crashed.file("a.db") + suffix);
  }
  const std::string kept = restore_sqlite(dir.file("b"), crashed.file("a.db")).value();
  CHECK(check_sqlite(crashed.file("a.db")).value().runs == 0);
  CHECK(check_sqlite(kept).value().runs == 3);
}

TEST_CASE("a damaged database is kept as it was found, and a damaged backup restores nothing") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  made_store(path, "a")->close();
  backup_sqlite(path, dir.file("b")).value();
  std::ofstream(path) << std::string(5000, 'w');
  const std::string kept = restore_sqlite(dir.file("b"), path).value();
  CHECK(std::filesystem::file_size(kept) == 5000);
  CHECK(check_sqlite(path).value().tasks == 1);
  std::fstream(dir.file("b"), std::ios::in | std::ios::out | std::ios::binary).seekp(4096) << std::string(4096, 'x');
  CHECK(restore_sqlite(dir.file("b"), path).error().code == Errc::corrupt);
  CHECK(restore_sqlite(path, path).error().code == Errc::invalid);
  CHECK(check_sqlite(path).value().tasks == 1);
}

}  // namespace taskcore::store_test
