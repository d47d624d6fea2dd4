// A million stored schedules: what they cost at the start, in memory, when idle, and in throughput.
#include <stdexcept>
#include <utility>

#include "harness/closed_loop.hpp"
#include "harness/workspace.hpp"
#include "rows/rows.hpp"
#include "rows/stored_tasks.hpp"
#include "taskcore/stores/sqlite.hpp"

namespace bench {
namespace {

Line line_of(const std::string& count, const char* what, const char* unit, double value, const std::string& setup) {
  return Line{.row = "stored",
              .name = count + " stored schedules: " + what,
              .unit = unit,
              .ours = single(value),
              .setup = setup};
}

void add_idle_lines(const Settings& settings, Report& report, const std::string& path, const std::string& count,
                    const std::string& setup) {
  const double idle_seconds = settings.smoke ? 0.2 : settings.quick ? 3 : 10;
  const Fresh fresh = look_from_fresh_process(path, idle_seconds);
  const double megabytes = fresh.megabytes, start_seconds = fresh.start_seconds, idle_share = fresh.idle_share;
  if (short_number(fresh.stored) != count) throw std::runtime_error("the fresh process found another number of tasks");

  Line memory = line_of(count, "memory", "MB", megabytes, setup + "; growth of a fresh process's resident memory");
  memory.must = Limit{"≤ 96 MB", megabytes <= 96};
  memory.goal = Limit{"≤ 32 MB", megabytes <= 32};
  Line start = line_of(count, "start-up", "s", start_seconds, setup + "; from the constructor to start's return");
  start.must = Limit{"≤ 2 s", start_seconds <= 2};
  start.goal = Limit{"≤ 0.2 s", start_seconds <= 0.2};
  Line idle = line_of(count, "idle CPU", "%", idle_share * 100, setup + "; over " + short_number(idle_seconds) + " s");
  idle.must = Limit{"≤ 0.5 %", idle_share <= 0.005};
  idle.goal = Limit{"≤ 0.1 %", idle_share <= 0.001};
  report.add(std::move(memory));
  report.add(std::move(start));
  report.add(std::move(idle));
}

}  // namespace

void measure_stored_schedules(const Settings& settings, Report& report) {
  const std::size_t many = settings.size(1'000'000, 1000);
  const std::size_t few = many / 1000;
  const Workspace workspace(settings);
  const double seconds = fill_store(workspace.file("many.db"), many, settings.seed);
  fill_store(workspace.file("few.db"), few, settings.seed);
  const std::string count = short_number(static_cast<double>(many));
  add_idle_lines(settings, report, workspace.file("many.db"), count, "made in " + short_number(seconds) + " s");

  const Loop loop{.total = settings.size(30000, 1000), .in_flight = 3000, .batch = 1000};
  const Pair pair = take_turns(
      settings.rounds(), [&] { return lives_per_second(taskcore::sqlite(workspace.file("many.db")), loop); },
      [&] { return lives_per_second(taskcore::sqlite(workspace.file("few.db")), loop); });
  Line line{.row = "stored",
            .name = "throughput with " + count + " stored",
            .unit = "lives/s",
            .ours = pair.ours,
            .raw = pair.raw};
  line.raw_name = "the same with " + std::to_string(few) + " stored";
  line.setup = std::to_string(loop.total) + " lives a round, 3000 in flight, " + kThroughputSetup + ", SQLite FULL";
  line.must = at_least(line, 0.8);
  line.goal = at_least(line, 0.95);
  report.add(std::move(line));
}

}  // namespace bench
