// A process with one task that is due each second. It tells each start, "D <run>", to its standard output and ends in
// good order on SIGTERM.
//   ticking_child <database>
#include <unistd.h>

#include <iostream>

#include "crash/ledger.hpp"
#include "taskcore/host.hpp"
#include "taskcore/stores/sqlite.hpp"

using namespace taskcore;

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  HostOptions options;
  options.store = sqlite(SqliteOptions{.path = argv[1], .full_sync = false});
  Host host(std::move(options));
  host.scheduler().function("tick", [](RunContext& context, const boost::json::value&) {
    crash::LedgerFile::put(STDOUT_FILENO, 'D', context.id());
  });
  const auto task =
      host.scheduler().ensure({.id = "tick", .name = "tick", .config = call("tick"), .schedule = "every 1 second"});
  if (!task) {
    std::cerr << "ticking_child: " << task.error().detail << std::endl;
    return 1;
  }
  return host.run_until_signal();
}
