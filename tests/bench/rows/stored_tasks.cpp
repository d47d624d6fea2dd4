#include "rows/stored_tasks.hpp"

#include <sys/resource.h>

#include <boost/asio/post.hpp>
#include <future>
#include <iostream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

#include "harness/machine.hpp"
#include "harness/measure.hpp"
#include "harness/process.hpp"
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

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

double fill_store(const std::string& path, std::size_t count, std::uint64_t seed) {
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

Fresh look_from_fresh_process(const std::string& path, double idle_seconds) {
  Process child({own_program(), "--child-stored", path, std::to_string(idle_seconds)});
  std::istringstream answer(child.read_line());
  Fresh fresh;
  if (!(answer >> fresh.start_seconds >> fresh.megabytes >> fresh.idle_share >> fresh.stored))
    throw std::runtime_error("the fresh process failed");
  return fresh;
}

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

}  // namespace bench
