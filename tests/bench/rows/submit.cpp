// Durable submit alone: one blocking call with 1000 runs after the other; the scheduler is not started, so nothing else
// writes. Raw: SQLite inserts in groups of 1000.
#include "harness/closed_loop.hpp"
#include "harness/workspace.hpp"
#include "raw/sqlite_life.hpp"
#include "rows/rows.hpp"
#include "taskcore/host.hpp"
#include "taskcore/stores/sqlite.hpp"

namespace bench {
namespace {

constexpr std::size_t kBatch = 1000;

double submits_per_second(const std::string& path, std::size_t total) {
  taskcore::HostOptions options;
  options.store = taskcore::sqlite(path);
  options.scheduler = throughput_options();
  taskcore::Host host(std::move(options));
  auto& scheduler = host.scheduler();
  scheduler.ensure({.id = "bench", .name = "bench", .overlap = taskcore::Overlap::allow}).value();

  const auto start = now();
  for (std::size_t done = 0; done < total; done += kBatch) {
    std::vector<taskcore::ExecuteRequest> batch(kBatch);
    for (auto& request : batch) request = {"bench", boost::json::object{{"payload", payload()}}};
    scheduler.submit(std::move(batch)).value();
  }
  const double rate = static_cast<double>(total) / seconds_since(start);
  host.stop().value();
  return rate;
}

}  // namespace

void measure_submit(const Settings& settings, Report& report) {
  const std::size_t total = settings.size(100000, 2000) / kBatch * kBatch;
  const Workspace workspace(settings);
  const Pair pair = take_turns(
      settings.rounds(),
      [&] {
        const double rate = submits_per_second(workspace.file("ours.db"), total);
        workspace.remove("ours");
        return rate;
      },
      [&] {
        double rate = 0;
        {
          SqliteLife raw(workspace.file("raw.db"));
          rate = raw.insert(total, kBatch);
        }
        workspace.remove("raw");
        return rate;
      });
  Line line{.row = "submit",
            .name = "durable submit, batch calls of 1000",
            .unit = "runs/s",
            .ours = pair.ours,
            .raw = pair.raw};
  line.raw_name = "SQLite alone, insert in groups of 1000";
  line.setup = std::to_string(total) + " runs a round, one call at a time, SQLite FULL, params of 200 B";
  line.must = at_least(line, 0.6);
  line.goal = at_least(line, 0.9);
  report.add(std::move(line));
}

}  // namespace bench
