// A script that starts grandchildren which do not want to die, and floods its output: a timeout leaves nothing of it.
// TASKCORE_TREE_RUNS sets how many.
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <set>

#include "crash/process_tree.hpp"
#include "store/subject.hpp"
#include "taskcore/host.hpp"

using namespace taskcore;

namespace {

constexpr int kAtOnce = 8;

/// One grandchild in a session of its own, one that ignores SIGTERM, one hundred megabytes, and no end by itself.
constexpr const char* kStubborn = R"(
setsid sleep 1000 & echo "child $!"
sh -c 'trap "" TERM; sleep 1000; sleep 1000' & echo "child $!"
yes "a line of output, as long as lines of output often are, and then some more" | head -c 100000000
trap "" TERM
sleep 1000; sleep 1000
)";

TaskSpec stubborn_task(const std::string& mark) {
  TaskSpec spec;
  spec.id = "stubborn";
  spec.name = "stubborn";
  Script what{.command = "/bin/sh", .args = {"-c", kStubborn}};
  what.env = {{"TASKCORE_MARK", mark}};
  spec.config = script(what);
  spec.timeout = std::chrono::seconds(2);
  spec.kill_grace = Duration(200);
  spec.max_retries = 0;
  spec.overlap = Overlap::allow;
  return spec;
}

std::unique_ptr<Host> start_host(const std::string& database) {
  HostOptions options;
  options.store = sqlite(SqliteOptions{.path = database, .full_sync = false});
  options.scheduler.max_concurrent = kAtOnce;
  options.scheduler.max_output = 65536;
  options.scheduler.supervisor_path = TASKCORE_EXEC_PATH;
  auto host = std::make_unique<Host>(std::move(options));
  REQUIRE(host->start().has_value());
  return host;
}

/// Executes `count` runs side by side and waits for their ends. Gives their ids.
std::vector<std::string> run_some(Scheduler& scheduler, int count) {
  const auto ids = scheduler.submit(std::vector<ExecuteRequest>(static_cast<std::size_t>(count), {"stubborn", {}}));
  REQUIRE(ids.has_value());
  for (const std::string& id : *ids) {
    const auto run = scheduler.wait(id, std::chrono::minutes(1));
    REQUIRE(run.has_value());
    CHECK(run->status == Status::failed);
    CHECK(run->attempts.at(0).status == AttemptStatus::timed_out);
  }
  return *ids;
}

int children_told(Scheduler& scheduler, const std::string& run) {
  LogQuery query;
  query.run_id = run;
  const auto page = scheduler.logs(query);
  REQUIRE(page.has_value());
  int count = 0;
  for (const LogEntry& entry : page->items) count += entry.message.starts_with("child ") ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("A timeout ends the whole tree of a script and leaves no process, descriptor or memory behind") {
  const char* wanted = std::getenv("TASKCORE_TREE_RUNS");
  const int runs = wanted != nullptr ? std::atoi(wanted) : kAtOnce;
  const store_test::TempDir dir;
  const std::string mark = "tree-" + std::to_string(::getpid());
  const int descriptors = crash::open_descriptors();
  auto host = start_host(dir.file("tree.db"));
  REQUIRE(host->scheduler().create(stubborn_task(mark)).has_value());

  const auto first = run_some(host->scheduler(), 1);
  CHECK(children_told(host->scheduler(), first.front()) == 2);
  CHECK(crash::all_gone(crash::marked_processes(mark), std::chrono::seconds(5)));

  run_some(host->scheduler(), kAtOnce);
  const long resident = crash::resident_kib();
  for (int done = kAtOnce; done < runs; done += kAtOnce) run_some(host->scheduler(), kAtOnce);
  CHECK(crash::all_gone(crash::marked_processes(mark), std::chrono::seconds(5)));
  CHECK(crash::marked_processes(mark).empty());
  const long grown = crash::resident_kib() - resident;
  CHECK(grown < 32 * 1024);

  REQUIRE(host->stop().has_value());
  host.reset();
  CHECK(crash::zombie_children() == 0);
  CHECK(crash::open_descriptors() == descriptors);
  std::cout << runs << " stubborn scripts: resident memory " << resident << " KiB, then " << grown << " KiB more\n";
}
