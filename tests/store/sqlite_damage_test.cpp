// Damaged files are `corrupt`, never a crash.
#include <cstdio>
#include <fstream>
#include <random>

#include "sqlite_file.hpp"
#include "subject.hpp"

namespace taskcore::store_test {
namespace {

std::string made_file(const TempDir& dir) {
  const std::string path = dir.file("a.db");
  const auto store = sqlite(path);
  store->open().value();
  store->begin().value();
  for (int i = 0; i < 200; ++i) {
    TaskRow task = task_row("t" + std::to_string(i));
    task.tags = {"a", "b"};
    store->insert_task(task).value();
    RunRow run = run_row(task.key, static_cast<RunState>(i % 7));
    run.params = std::string(300, 'x');
    store->insert_run(run).value();
  }
  store->commit().value();
  store->close();
  return path;
}

/// Opens the store and asks it everything; gives the first error.
Errc use(const std::string& path) {
  const auto store = sqlite(path);
  if (auto opened = store->open(); !opened) return opened.error().code;
  Errc first = Errc::stopped;
  const auto note = [&first](const auto& result) {
    if (result.has_error() && first == Errc::stopped) first = result.error().code;
  };
  note(store->page_tasks({.limit = 1000}));
  note(store->page_runs(0, {.limit = 1000}));
  note(store->stats("", at(0)));
  note(store->running_runs(0, 1000));
  for (TaskKey task = 1; task <= 200; ++task) {
    note(store->live_runs(task, 9));
    note(store->find_task("t" + std::to_string(task)));
  }
  note(store->begin());
  TaskRow row = task_row("new");
  note(store->insert_task(row));
  RunRow run = run_row(row.key);
  note(store->insert_run(run));
  note(store->prune_runs({.settled_before = at(1000)}));
  store->rollback();
  return first;
}

TEST_CASE("a file that is no database is corrupt, and stays as it is") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  const std::string words(5000, 'w');
  std::ofstream(path) << words;
  CHECK(use(path) == Errc::corrupt);
  std::ifstream file(path);
  CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == words);
}

TEST_CASE("a file that was cut off is corrupt") {
  const TempDir dir;
  const std::string path = made_file(dir);
  const auto size = std::filesystem::file_size(path);
  std::filesystem::resize_file(path, GENERATE_REF(size / 2, size - 4096, std::uintmax_t{4096}, std::uintmax_t{100}));
  CHECK(use(path) == Errc::corrupt);
}

TEST_CASE("bytes that changed on the disk give an error at most") {
  const TempDir dir;
  const std::string path = made_file(dir);
  const auto size = static_cast<unsigned>(std::filesystem::file_size(path));
  for (unsigned seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const std::string copy = dir.file("copy.db");
    std::filesystem::copy_file(path, copy, std::filesystem::copy_options::overwrite_existing);
    std::fstream file(copy, std::ios::in | std::ios::out | std::ios::binary);
    for (int i = 0; i < 200; ++i) {
      file.seekp(static_cast<std::streamoff>(100 + random() % (size - 100)));
      file.put(static_cast<char>(random()));
    }
    file.close();
    const Errc code = use(copy);
    CHECK((code == Errc::corrupt || code == Errc::internal || code == Errc::stopped));
  }
}

TEST_CASE("a value that no version writes is corrupt") {
  const TempDir dir;
  const std::string path = made_file(dir);
  const char* const damage = GENERATE("UPDATE runs SET state = 77 WHERE id = 5", "UPDATE tasks SET tags = 'x{'",
                                      "UPDATE runs SET rare = 'x{' WHERE id = 5", "UPDATE runs SET rare = '[]'",
                                      "UPDATE runs SET rare = '{\"losses\":\"many\"}'",
                                      "UPDATE tasks SET priority = -1", "UPDATE tasks SET last_status = 5");
  ask(path, damage);
  CHECK(use(path) == Errc::corrupt);
}

}  // namespace
}  // namespace taskcore::store_test
