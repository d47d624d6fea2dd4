// Durable life: submit, claim, call, settle; each acknowledged after its commit. Raw: the same three steps by SQLite
// alone.
#include "harness/closed_loop.hpp"
#include "harness/workspace.hpp"
#include "raw/sqlite_life.hpp"
#include "rows/rows.hpp"
#include "taskcore/stores/sqlite.hpp"

namespace bench {
namespace {

constexpr const char* kPeers =
    "plainjob (SQLite, FULL) 2.3k/s, bunqueue durable 1.6k/s, graphile-worker 3.5k to 21.7k/s, pg-boss 10.6k/s, BullMQ "
    "6.4k to 9.1k/s";

Pair measure(const Settings& settings, const Loop& loop, std::size_t raw_group) {
  const Workspace workspace(settings);
  return take_turns(
      settings.rounds(),
      [&] {
        const double rate = lives_per_second(taskcore::sqlite(workspace.file("ours.db")), loop);
        workspace.remove("ours");
        return rate;
      },
      [&] {
        double rate = 0;
        {
          SqliteLife raw(workspace.file("raw.db"));
          rate = raw.life(loop.total, raw_group);
        }
        workspace.remove("raw");
        return rate;
      });
}

Line line_of(const char* row, std::string name, const Loop& loop, std::size_t raw_group, const Pair& pair) {
  Line line{.row = row, .name = std::move(name), .unit = "lives/s", .ours = pair.ours, .raw = pair.raw};
  line.raw_name = "SQLite alone, insert + claim + complete in groups of " + std::to_string(raw_group);
  line.setup = std::to_string(loop.total) + " lives a round, " + kThroughputSetup + ", SQLite FULL, params of 200 B";
  return line;
}

void add(const Settings& settings, Report& report, const char* row, const char* name, const Loop& loop,
         std::size_t raw_group, double must, double goal) {
  Line line = line_of(row, name, loop, raw_group, measure(settings, loop, raw_group));
  if (must > 0) line.must = at_least(line, must);
  if (goal > 0) line.goal = at_least(line, goal);
  line.published = kPeers;
  report.add(std::move(line));
}

}  // namespace

void measure_life_3000(const Settings& settings, Report& report) {
  Loop loop{.total = settings.size(60000, 3000), .in_flight = 3000, .batch = 1000};
  add(settings, report, "life-3000", "durable life, 3000 in flight, submitted by 1000", loop, 1000, 0.5, 0.9);
  loop.batch = 1;
  loop.submission = Submission::single;
  add(settings, report, "life-3000", "durable life, 3000 in flight, one execute call each", loop, 1000, 0, 0);
}

void measure_life_300(const Settings& settings, Report& report) {
  const Loop loop{.total = settings.size(30000, 300), .in_flight = 300, .batch = 100};
  add(settings, report, "life-300", "durable life, 300 in flight, submitted by 100", loop, 100, 0.45, 0.8);
}

void measure_life_task_a_run(const Settings& settings, Report& report) {
  const Loop loop{
      .total = settings.size(30000, 1000), .in_flight = 3000, .batch = 1, .submission = Submission::task_a_run};
  add(settings, report, "life-task", "durable life, a task made for each run, 3000 in flight", loop, 1000, 0.35, 0.6);
}

}  // namespace bench
