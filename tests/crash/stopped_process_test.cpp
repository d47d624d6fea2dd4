// A process that is stopped for a while (SIGSTOP, a debugger, a frozen machine) and goes on: what it missed is one run,
// nothing runs twice, and what it held is still its own.
#include <signal.h>

#include <algorithm>

#include "store/subject.hpp"
#include "support/coverage.hpp"
#include "support/victim.hpp"
#include "taskcore/stores/sqlite.hpp"

using namespace taskcore;
using namespace std::chrono_literals;

namespace {

/// Reads on until the child has told of `count` starts.
void await_starts(testing::Victim& child, std::ptrdiff_t count, std::string& told) {
  const auto patience = std::chrono::steady_clock::now() + 30s;
  while (std::count(told.begin(), told.end(), '\n') < count) {
    REQUIRE(std::chrono::steady_clock::now() < patience);
    REQUIRE(child.read_until(std::chrono::steady_clock::now() + 100ms, told));
  }
}

}  // namespace

TEST_CASE("A process that was stopped for seconds makes one run of what it missed, and none twice") {
  const store_test::TempDir dir;
  const std::string database = dir.file("store.db");
  testing::Victim child({TASKCORE_TICKING_CHILD, database});
  std::string told;
  await_starts(child, 2, told);
  REQUIRE(::kill(child.pid(), SIGSTOP) == 0);
  child.read_until(std::chrono::steady_clock::now() + 4s, told);  // nothing comes; the time that passes is the point
  const auto before = std::count(told.begin(), told.end(), '\n');
  REQUIRE(::kill(child.pid(), SIGCONT) == 0);
  await_starts(child, before + 2, told);
  child.ask_to_end();
  REQUIRE(child.wait(told) == 0);

  const auto store = sqlite(database);
  store->open().value();
  const auto task = store->find_task("tick").value();
  REQUIRE(task.has_value());
  const testing::Coverage coverage = testing::cover(*store, *task);
  CHECK(coverage.fault == "");
  CHECK(coverage.coalesced >= 2);
  CHECK(coverage.runs == static_cast<std::size_t>(std::count(told.begin(), told.end(), '\n')));
  for (const RunRow& run : store->runs_after(task->key, 0, 100).value()) {
    CHECK(run.state == RunState::completed);
    CHECK(run.attempt == 1);
  }
}
