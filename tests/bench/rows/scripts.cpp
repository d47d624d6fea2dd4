// Script runs, each below its supervisor, with captured output and a durable store. Raw: bare posix_spawn with capture;
// and Node's execFile, where there is a Node.
#include <vector>

#include "harness/closed_loop.hpp"
#include "harness/workspace.hpp"
#include "raw/exec_file.hpp"
#include "raw/spawn.hpp"
#include "rows/rows.hpp"
#include "taskcore/stores/sqlite.hpp"

namespace bench {

void measure_scripts(const Settings& settings, Report& report) {
  constexpr std::size_t kAtOnce = 8;
  Loop loop{.total = settings.size(4000, 16), .in_flight = 4 * kAtOnce, .batch = 1, .submission = Submission::single};
  loop.config = taskcore::script({.command = "/bin/true"});
  loop.options.max_concurrent = kAtOnce;
  const Workspace workspace(settings);
  const std::size_t exec_files = settings.size(1000, 16);
  std::vector<double> node;
  const Pair pair = take_turns(
      settings.rounds(),
      [&] {
        const double rate = lives_per_second(taskcore::sqlite(workspace.file("ours.db")), loop);
        workspace.remove("ours");
        return rate;
      },
      [&] {
        if (const auto rate = exec_files_per_second(exec_files, kAtOnce)) node.push_back(*rate);
        return spawns_per_second(loop.total, kAtOnce);
      });
  Line line{.row = "scripts", .name = "script runs, 8 at a time", .unit = "runs/s", .ours = pair.ours, .raw = pair.raw};
  line.raw_name = "posix_spawn of /bin/true with a pipe, 8 at a time, one thread";
  line.setup = std::to_string(loop.total) + " runs of /bin/true a round, 8 slots, 32 in flight, SQLite FULL";
  line.must = at_least(line, 0.35);
  line.goal = at_least(line, 0.45);
  line.published = "Node execFile 8 in flight 0.71k/s, xargs -P8 1.5k/s";
  report.add(line);
  if (node.empty()) return;
  line.name = "the same beside Node's execFile";
  line.raw = figure(std::move(node));
  line.raw_name = "execFile of /bin/true in Node, 8 in flight, " + std::to_string(exec_files) + " a round";
  line.must = at_least(line, 1);
  line.goal.reset();
  line.published.clear();
  report.add(std::move(line));
}

}  // namespace bench
