// Pick-up: from the call of execute to the first instruction of the handler, with nothing else to do. Raw: one commit.
#include <thread>

#include "harness/workspace.hpp"
#include "raw/sqlite_life.hpp"
#include "rows/pick_up.hpp"
#include "rows/rows.hpp"

namespace bench {
namespace {

constexpr auto kIdle = std::chrono::milliseconds(4);  // between two submits

}  // namespace

void measure_pick_up(const Settings& settings, Report& report) {
  const Workspace workspace(settings);
  PickUp subject(workspace.file("ours.db"));
  SqliteLife raw(workspace.file("raw.db"));
  std::vector<double> ours_us;
  std::vector<double> raw_us;
  const std::size_t samples = settings.size(1500, 20);
  for (std::size_t i = 0; i < samples; ++i) {
    std::this_thread::sleep_for(kIdle);
    ours_us.push_back(subject.pick_up_us());
    std::this_thread::sleep_for(kIdle);
    const auto start = now();
    raw.insert_one();
    raw_us.push_back(seconds_since(start) * 1e6);
  }

  const std::string setup =
      std::to_string(samples) + " samples, 4 ms apart, SQLite FULL, 1 loop thread, 1 function thread";
  Line p50{.row = "pick-up", .name = "pick-up when idle, p50", .unit = "µs"};
  p50.ours = single(percentile(ours_us, 0.5));
  p50.raw = single(percentile(raw_us, 0.5));
  p50.raw_name = "one SQLite commit of one row, p50";
  p50.setup = setup;
  p50.must = Limit{"≤ 2.5 raw commits", p50.ours.value <= 2.5 * p50.raw->value};
  p50.goal = Limit{"≤ 1.3 raw commits + 50 µs", p50.ours.value <= 1.3 * p50.raw->value + 50};
  p50.published = "beanstalkd 0.25 to 0.56 ms, BullMQ 0.9 to 1.3 ms, graphile-worker 2.5 ms, plainjob 5.3 ms";
  Line p99{.row = "pick-up", .name = "pick-up when idle, p99", .unit = "µs"};
  p99.ours = single(percentile(ours_us, 0.99));
  p99.raw = single(percentile(raw_us, 0.99));
  p99.raw_name = "one SQLite commit of one row, p99";
  p99.setup = setup;
  p99.must = Limit{"≤ 3 ms", p99.ours.value <= 3000};
  p99.published = "beanstalkd 2.1 to 5.9 ms, BullMQ 2.0 to 3.2 ms, graphile-worker 5.2 ms, plainjob 10.5 ms";
  report.add(std::move(p50));
  report.add(std::move(p99));
}

}  // namespace bench
