// taskd check, backup and restore as they are typed, beside a taskd that serves and without one.
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "http/client_process.hpp"
#include "http/taskd_process.hpp"
#include "support/catch.hpp"

using namespace taskd::testing;

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

ClientProcess::Told typed(const TempDir& dir, std::vector<std::string> words) {
  words.insert(words.end(), {"--data-dir", dir.file("data")});
  return ClientProcess(words, {}).finish();
}

int create(TaskdProcess& taskd, const std::string& id) {
  return taskd.call("POST", "/api/tasks", R"({"name":"x","id":")" + id + "\"}").status;
}

}  // namespace

TEST_CASE("a backup of a running taskd is restored once it has stopped, and what was there is kept", "[care]") {
  TempDir dir;
  const std::string file = dir.file("backup");
  {
    TaskdProcess taskd(dir.file("data"), {});
    REQUIRE(create(taskd, "before") == 201);
    const auto made = typed(dir, {"backup", file});
    INFO(made.err);
    CHECK(made.code == 0);
    CHECK(made.err.empty());
    REQUIRE(create(taskd, "after") == 201);
    const auto checked = typed(dir, {"check"});
    CHECK(checked.code == 0);
    CHECK(has(checked.out, "tasks.db is in order: 2 tasks, 0 runs, 2 rows in the audit trail\n"));
    const auto refused = typed(dir, {"restore", file});
    CHECK(refused.code == 1);
    CHECK(has(refused.err, "is in use by process " + std::to_string(taskd.pid())));
    taskd.signal(SIGTERM);
    CHECK(taskd.exit_code() == 0);
  }
  const auto restored = typed(dir, {"restore", file});
  INFO(restored.err);
  CHECK(restored.code == 0);
  CHECK(has(restored.out, "What was there is kept as "));
  CHECK(has(typed(dir, {"check"}).out, "1 tasks"));
}

TEST_CASE("a backup replaces a file only when it is told to, and a store that is not there is told", "[care]") {
  TempDir dir;
  const std::string file = dir.write("backup", "precious").string();
  CHECK(typed(dir, {"check"}).code == 1);
  CHECK(has(typed(dir, {"backup", file}).err, "there is no such file"));
  {
    TaskdProcess taskd(dir.file("data"), {});
    REQUIRE(create(taskd, "x") == 201);
  }  // killed: what it acknowledged is still in the log
  const auto refused = typed(dir, {"backup", file});
  CHECK(refused.code == 2);
  CHECK(has(refused.err, "is there already"));
  CHECK(std::filesystem::file_size(file) == 8);
  CHECK(typed(dir, {"backup", file, "--force"}).code == 0);
  CHECK(has(typed(dir, {"restore", file}).out, "is restored to"));
  CHECK(has(typed(dir, {"check"}).out, "1 tasks"));
}

TEST_CASE("damage is named by a check, stops the start after a crash in one line, and is over with a restore",
          "[care]") {
  TempDir dir;
  const std::string store = dir.file("data/tasks.db");
  const std::string backup = dir.file("backup");
  {
    TaskdProcess taskd(dir.file("data"), {});
    REQUIRE(create(taskd, "x") == 201);
    CHECK(typed(dir, {"backup", backup}).code == 0);
    taskd.signal(SIGTERM);
    CHECK(taskd.exit_code() == 0);
  }
  {
    std::fstream file(store, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file << std::string(4096, 'x');
  }
  const auto found = typed(dir, {"check"});
  CHECK(found.code == 1);
  CHECK(found.err.rfind("taskd: ", 0) == 0);
  CHECK(found.out.empty());
  CHECK(typed(dir, {"backup", dir.file("other")}).code == 1);
  CHECK_FALSE(std::filesystem::exists(dir.file("other")));
  std::ofstream(store + ".lock") << "12345\n";  // as a kill leaves it
  {
    TaskdProcess taskd(dir.file("data"), {});
    CHECK(taskd.exit_code() == 1);
    const std::string& text = taskd.read_until("");
    INFO(text);
    CHECK(has(text, "`taskd restore FILE`"));
    CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  }
  CHECK(typed(dir, {"restore", backup}).code == 0);
  CHECK(typed(dir, {"check"}).code == 0);
}
