// The disk whose power goes: that it loses what it may, keeps what it must, and is a file system otherwise.
#include "support/power_cut_vfs.hpp"

#include <atomic>
#include <set>
#include <thread>

#include "sqlite_file.hpp"
#include "subject.hpp"

namespace taskcore::store_test {
namespace {

using power::PowerCutVfs;
using power::VolatileDisk;

std::string survivor_of(const VolatileDisk& disk, const std::string& name) {
  const auto file = disk.find(name);
  return file ? file->content() : "gone";
}

TEST_CASE("what was synced survives every cut, and what was not is now kept, now lost, now torn") {
  std::set<std::string> ends;
  std::size_t torn = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    VolatileDisk disk;
    const auto file = disk.create("a");
    file->write(0, std::string(2048, 'o'));
    file->sync();
    disk.sync_name("a", file);
    file->write(1024, std::string(2048, 'n'));
    torn += disk.cut(seed, true).torn;
    const std::string left = survivor_of(disk, "a");
    REQUIRE(left.size() >= 2048);
    CHECK(left.substr(0, 1024) == std::string(1024, 'o'));
    ends.insert(left);
  }
  CHECK(ends.contains(std::string(2048, 'o')));
  CHECK(ends.contains(std::string(1024, 'o') + std::string(2048, 'n')));
  CHECK(ends.size() > 10);
  CHECK(torn > 20);
}

TEST_CASE("a torn write spoils the bytes beside it only without the promise that it does not") {
  int spoilt = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    for (const bool promised : {true, false}) {
      VolatileDisk disk;
      const auto file = disk.create("a");
      file->write(0, std::string(1024, 'o'));
      file->sync();
      disk.sync_name("a", file);
      file->write(100, std::string(10, 'n'));
      disk.cut(seed, promised);
      const std::string left = survivor_of(disk, "a");
      const bool beside = left.substr(0, 100) + left.substr(110) != std::string(1014, 'o');
      CHECK_FALSE((promised && beside));
      CHECK(left.substr(512) == std::string(512, 'o'));
      spoilt += beside ? 1 : 0;
    }
  }
  CHECK(spoilt > 0);
}

TEST_CASE("a name is made and removed for sure by a sync only") {
  int made = 0;
  int removed = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    VolatileDisk disk;
    disk.sync_name("sure", disk.create("sure"));
    disk.sync_name("old", disk.create("old"));
    disk.create("new");
    disk.remove("old");
    disk.cut(seed, true);
    CHECK(disk.find("sure"));
    made += disk.find("new") ? 1 : 0;
    removed += disk.find("old") ? 0 : 1;
  }
  CHECK((made > 0 && made < 50));
  CHECK((removed > 0 && removed < 50));
}

/// Commits runs one by one, cuts the power between two and counts those that are there afterwards.
std::size_t runs_after_cut(std::uint64_t seed, bool full_sync, bool powersafe_overwrite, std::size_t commits) {
  PowerCutVfs disk(powersafe_overwrite);
  const TempDir dir;
  const SqliteOptions options{.path = dir.file("a.db"), .full_sync = full_sync};
  auto store = sqlite(options);
  store->open().value();
  for (std::size_t i = 0; i < commits; ++i) {
    store->begin().value();
    RunRow row = run_row(1);
    REQUIRE(store->insert_run(row).value());
    store->commit().value();
  }
  disk.go_dark();
  store.reset();
  disk.restore(seed);
  CHECK(ask(options.path, "PRAGMA integrity_check") == "ok");
  store = sqlite(options);
  store->open().value();
  return store->runs_after(1, 0, 1000).value().size();
}

TEST_CASE("with full sync a cut takes no acknowledged commit") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CHECK(runs_after_cut(seed, true, seed % 2 == 0, 1 + seed % 7) == 1 + seed % 7);
  }
}

TEST_CASE("without full sync a cut takes some, which proves that it could have") {
  std::size_t lost = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const std::size_t left = runs_after_cut(seed, false, seed % 2 == 0, 5);
    CHECK(left <= 5);
    lost += 5 - left;
  }
  CHECK(lost > 20);
}

TEST_CASE("the power can go in any one call, and whatever is open is dead from then on") {
  PowerCutVfs disk;
  Subject store(Kind::sqlite);
  const TaskKey task = store.add(task_row("a"));
  const auto reader = store->make_reader().value();
  disk.cut_in(2);
  store->begin().value();
  RunRow row = run_row(task);
  REQUIRE(store->insert_run(row).value());
  CHECK(store->commit().error().code == Errc::unavailable);
  CHECK(disk.is_dark());
  CHECK(disk.died_in() == "wal write");
  store->rollback();
  CHECK(store->begin().has_error());
  store->close();
  disk.restore(1);
  store.open();
  CHECK(store->find_task("a").value());
  CHECK_FALSE(store->find_run(row.id).value());
  CHECK(reader->find_task("a").has_error());
}

TEST_CASE("writer and readers on threads of their own share a log and its index") {
  PowerCutVfs disk;
  Subject store(Kind::sqlite);
  const TaskKey task = store.add(task_row("a"));
  const auto reader = store->make_reader().value();
  std::atomic<bool> done{false};
  std::thread reading([&] {
    std::size_t seen = 0;
    while (!done) {
      const std::size_t now = reader->runs_after(task, 0, 1000).value().size();
      if (now < seen) std::abort();
      seen = now;
    }
  });
  for (int i = 0; i < 200; ++i) store.add(run_row(task));
  done = true;
  reading.join();
  CHECK(reader->runs_after(task, 0, 1000).value().size() == 200);
}

}  // namespace
}  // namespace taskcore::store_test
