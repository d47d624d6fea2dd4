// A million stored schedules: what they cost at the start, in memory, when idle, and in throughput.
#include <sys/resource.h>

#include <boost/asio/post.hpp>
#include <future>
#include <iostream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

#include "harness/closed_loop.hpp"
#include "harness/machine.hpp"
#include "harness/process.hpp"
#include "harness/workspace.hpp"
#include "rows/rows.hpp"
#include "taskcore/host.hpp"
#include "taskcore/stores/sqlite.hpp"

namespace bench {
namespace {

/// Creates `count` tasks whose next instants lie months ahead, scattered; 3000 calls in flight.
class Filler {
 public:
  Filler(taskcore::Scheduler& scheduler, std::size_t count, std::uint64_t seed)
      : scheduler_(scheduler), count_(count), random_(seed) {}

  void run() {
    auto ended = ended_.get_future();
    boost::asio::post(scheduler_.get_executor(), [this] {
      for (std::size_t i = 0; i < 3000 && made_ < count_; ++i) create();
    });
    ended.get();
  }

 private:
  void create() {
    ++made_;
    const auto days = std::uniform_int_distribution<int>(100, 3000)(random_);
    const auto second = std::uniform_int_distribution<int>(0, 86399)(random_);
    const auto start = base_ + std::chrono::hours(24 * days) + std::chrono::seconds(second);
    taskcore::TaskSpec spec{
        .name = "Stored " + std::to_string(made_), .config = taskcore::call("nothing"), .start_at = start};
    spec.schedule = made_ % 2 == 0 ? "every 6 hours" : "daily at " + std::to_string(second / 3600) + ":00";
    spec.timezone = made_ % 3 == 0 ? "Europe/Berlin" : "UTC";
    scheduler_.async_create(std::move(spec), {}, [this](const taskcore::Result<taskcore::Task>& task) {
      if (!task) return fail(task.error().detail);
      if (++done_ == count_) return ended_.set_value();
      if (made_ < count_) create();
    });
  }

  void fail(const std::string& why) {
    if (!std::exchange(failed_, true)) ended_.set_exception(std::make_exception_ptr(std::runtime_error(why)));
  }

  taskcore::Scheduler& scheduler_;
  const std::size_t count_;
  bool failed_ = false;
  std::mt19937_64 random_;
  const taskcore::TimePoint base_ = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  std::size_t made_ = 0;
  std::size_t done_ = 0;
  std::promise<void> ended_{};
};

/// Gives the seconds that it took.
double fill(const std::string& path, std::size_t count, std::uint64_t seed) {
  taskcore::HostOptions options;
  options.store = taskcore::sqlite(path);
  std::unique_ptr<Filler> filler;  // It outlives the host, which may still answer it when one call has failed.
  taskcore::Host host(std::move(options));
  host.scheduler().function("nothing", [](taskcore::RunContext&, const boost::json::value&) {});
  filler = std::make_unique<Filler>(host.scheduler(), count, seed);
  const auto start = now();
  filler->run();
  const double seconds = seconds_since(start);
  host.stop().value();
  return seconds;
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

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
  Process child({own_program(), "--child-stored", path, std::to_string(idle_seconds)});
  std::istringstream answer(child.read_line());
  double start_seconds = 0, megabytes = 0, idle_share = 0;
  double stored = 0;
  if (!(answer >> start_seconds >> megabytes >> idle_share >> stored))
    throw std::runtime_error("the fresh process failed");
  if (short_number(stored) != count) throw std::runtime_error("the fresh process found another number of tasks");

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

int run_stored_child(const std::string& store, double idle_seconds) {
  const double resident_before = resident_bytes();
  const auto start = now();
  taskcore::HostOptions options;
  options.store = taskcore::sqlite(store);
  taskcore::Host host(std::move(options));
  host.scheduler().function("nothing", [](taskcore::RunContext&, const boost::json::value&) {});
  host.start().value();
  const double start_seconds = seconds_since(start);

  std::this_thread::sleep_for(std::chrono::milliseconds(500));  // What the start has left to do.
  const double cpu_before = cpu_seconds();
  std::this_thread::sleep_for(std::chrono::duration<double>(idle_seconds));
  const double idle_share = (cpu_seconds() - cpu_before) / idle_seconds;
  const double grown = (resident_bytes() - resident_before) / 1e6;
  const auto stored = host.scheduler().stats().value().total;
  std::cout << start_seconds << ' ' << grown << ' ' << idle_share << ' ' << stored << std::endl;
  return host.stop() ? 0 : 1;
}

void measure_stored_schedules(const Settings& settings, Report& report) {
  const std::size_t many = settings.size(1'000'000, 1000);
  const std::size_t few = many / 1000;
  const Workspace workspace(settings);
  const double seconds = fill(workspace.file("many.db"), many, settings.seed);
  fill(workspace.file("few.db"), few, settings.seed);
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
