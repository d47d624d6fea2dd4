// How late scheduled tasks start when a thousand a second are due, one each millisecond. Raw: a timerfd at the same
// rate.
#include <mutex>
#include <thread>

#include "harness/closed_loop.hpp"
#include "harness/workspace.hpp"
#include "raw/timer.hpp"
#include "rows/rows.hpp"
#include "taskcore/host.hpp"
#include "taskcore/stores/sqlite.hpp"

namespace bench {
namespace {

constexpr std::size_t kTasks = 1000;
using WallClock = std::chrono::system_clock;

/// A thousand tasks, each due every second, a millisecond apart.
class Subject {
 public:
  explicit Subject(const std::string& path) : host_(options(path)) {
    host_.scheduler().function("stamp", [this](taskcore::RunContext& run, const boost::json::value&) {
      const auto late = WallClock::now() - *run.scheduled_for();
      const std::lock_guard lock(mutex_);
      late_us_.push_back(std::chrono::duration<double, std::micro>(late).count());
    });
    host_.start().value();
  }

  /// Those that start within `seconds` from the first instant on.
  std::vector<double> run(int seconds) {
    const auto first = std::chrono::ceil<std::chrono::milliseconds>(WallClock::now() + std::chrono::seconds(3));
    for (std::size_t i = 0; i < kTasks; ++i) {
      host_.scheduler()
          .create({.name = "bench",
                   .config = taskcore::call("stamp"),
                   .schedule = "every 1 second",
                   .start_at = first + std::chrono::milliseconds(i)})
          .value();
    }
    std::this_thread::sleep_until(first + std::chrono::seconds(seconds));
    host_.stop().value();
    const std::lock_guard lock(mutex_);
    return late_us_;
  }

 private:
  static taskcore::HostOptions options(const std::string& path) {
    taskcore::HostOptions out;
    out.store = taskcore::sqlite(path);
    out.scheduler = throughput_options();
    return out;
  }

  std::mutex mutex_{};
  std::vector<double> late_us_{};
  taskcore::Host host_;
};

}  // namespace

void measure_lateness(const Settings& settings, Report& report) {
  const int seconds = settings.smoke ? 1 : settings.quick ? 5 : 15;
  const std::size_t half = settings.size(8000, 50) / 2;
  const Workspace workspace(settings);
  auto raw_us = timer_lateness_us(half, std::chrono::microseconds(1000));
  const auto ours_us = Subject(workspace.file("ours.db")).run(seconds);
  const auto after = timer_lateness_us(half, std::chrono::microseconds(1000));
  raw_us.insert(raw_us.end(), after.begin(), after.end());

  Line line{.row = "lateness", .name = "start lateness, 1,000 a second due, p99", .unit = "µs"};
  line.ours = single(percentile(ours_us, 0.99));
  line.raw = single(percentile(raw_us, 0.99));
  line.raw_name =
      "a timerfd each millisecond, p99, before and after (p50 " + short_number(percentile(raw_us, 0.5)) + " µs)";
  line.setup = std::to_string(ours_us.size()) + " starts, SQLite FULL, " + kThroughputSetup + "; ours p50 " +
               short_number(percentile(ours_us, 0.5)) + " µs, worst " + short_number(percentile(ours_us, 1)) + " µs";
  line.must = Limit{"≤ raw p99 + 2 ms", line.ours.value <= line.raw->value + 2000};
  line.goal = Limit{"≤ raw p99 + 0.5 ms", line.ours.value <= line.raw->value + 500};
  report.add(std::move(line));
}

}  // namespace bench
