// Many runs wait, over many concurrency keys: lives a second with a limit of one run a key, beside the same backlog
// without that limit; and what a life costs as the backlog grows, also where no run has a key, and in memory, where the
// pages that a commit writes are no part of it.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <future>

#include "harness/closed_loop.hpp"
#include "harness/measure.hpp"
#include "harness/workspace.hpp"
#include "rows/rows.hpp"
#include "taskcore/host.hpp"
#include "taskcore/stores/memory.hpp"
#include "taskcore/stores/sqlite.hpp"

namespace bench {
namespace {

constexpr std::size_t kBatch = 1000;
constexpr int kNoLimit = 100000;
constexpr int kSlots = 300;
constexpr std::size_t kMostLives = 30'000;
constexpr const char* kQueue = "bench";

/// Opens the same store again and again.
using OpenStore = std::function<std::unique_ptr<taskcore::Store>()>;

OpenStore on_disk(const std::string& path) {
  return [path] { return taskcore::sqlite(path); };
}
OpenStore in_memory() {
  return [database = taskcore::make_memory_database()] { return taskcore::memory(database); };
}

taskcore::HostOptions host_options(const OpenStore& store) {
  taskcore::HostOptions options;
  options.store = store();
  options.scheduler = throughput_options();
  options.scheduler.max_concurrent = kSlots;
  return options;
}

/// Stores `keys` tasks, with a key each or with none, and `backlog` runs of them in turn.
void fill(const OpenStore& store, std::size_t backlog, std::size_t keys, bool with_keys) {
  taskcore::Host host(host_options(store));
  auto& scheduler = host.scheduler();
  scheduler.function("nothing", [](taskcore::RunContext&, const boost::json::value&) {});
  std::vector<taskcore::TaskSpec> specs;
  for (std::size_t i = 0; i < keys; ++i) {
    specs.push_back({.id = "t" + std::to_string(i),
                     .name = "bench",
                     .config = taskcore::call("nothing"),
                     .overlap = taskcore::Overlap::allow,
                     .queue = kQueue});
    if (with_keys) specs.back().concurrency_key = "customer " + std::to_string(i);
  }
  scheduler.create_all(std::move(specs)).value();
  for (std::size_t made = 0; made < backlog;) {
    std::vector<taskcore::ExecuteRequest> batch;
    for (; batch.size() < kBatch && made < backlog; ++made) batch.push_back({"t" + std::to_string(made % keys)});
    scheduler.submit(std::move(batch)).value();
  }
  host.stop().value();
}

/// Lives a second of the first `lives` that the store has ready, from the first call on: what a start costs is no part
/// of it.
double drain(const OpenStore& store, std::size_t lives, int key_limit) {
  std::atomic<std::size_t> calls{0};
  std::atomic<SteadyTime> start{};
  std::promise<void> ended;
  taskcore::Host host(host_options(store));
  auto& scheduler = host.scheduler();
  scheduler.function("nothing", [&](taskcore::RunContext&, const boost::json::value&) {
    const std::size_t call = ++calls;
    if (call == 1) start = now();
    if (call == lives) ended.set_value();
  });
  scheduler.put_queue({.name = kQueue, .key_limit = key_limit}).value();
  host.start().value();
  ended.get_future().get();
  const double seconds = seconds_since(start);
  scheduler.put_queue({.name = kQueue, .key_limit = key_limit, .paused = true}).value();
  host.stop().value();
  return static_cast<double>(lives) / seconds;
}

/// A cell of the table: of as many drains as `rounds` says the median, each of the first `lives` of a backlog that is
/// filled anew when little is left of it.
template <class Make>
std::string microseconds_each(int rounds, std::size_t backlog, std::size_t lives, int key_limit, Make fill_anew) {
  OpenStore store;
  std::size_t left = 0;
  std::vector<double> rates;
  for (int i = 0; i < rounds; ++i) {
    if (left < backlog / 2 || left < lives + kSlots) {
      store = fill_anew();
      left = backlog;
    }
    left -= std::min(left, lives + kSlots);
    rates.push_back(drain(store, lives, key_limit));
  }
  return short_number(1e6 / figure(std::move(rates)).value) + " µs";
}

}  // namespace

void measure_backlog(const Settings& settings, Report& report) {
  const std::size_t largest = settings.smoke ? 10'000 : settings.quick ? 100'000 : 1'000'000;
  const Workspace workspace(settings);
  const auto round = [&](std::size_t backlog, std::size_t keys, bool with_keys, int key_limit) {
    const std::string path = workspace.file("backlog.db");
    fill(on_disk(path), backlog, keys, with_keys);
    const double rate = drain(on_disk(path), std::min(backlog, kMostLives), key_limit);
    workspace.remove("backlog");
    return rate;
  };
  const auto cell = [&](std::size_t backlog, std::size_t keys, bool with_keys, int key_limit) {
    const std::string path = workspace.file("backlog.db");
    const auto fill_anew = [&] {
      workspace.remove("backlog");
      fill(on_disk(path), backlog, keys, with_keys);
      return on_disk(path);
    };
    auto text = microseconds_each(settings.rounds(), backlog, std::min(backlog, kMostLives), key_limit, fill_anew);
    workspace.remove("backlog");
    return text;
  };
  const auto cell_in_memory = [&](std::size_t backlog, std::size_t keys) {
    return microseconds_each(settings.rounds(), backlog, std::min(backlog, kMostLives), 1, [&] {
      const OpenStore store = in_memory();
      fill(store, backlog, keys, true);
      return store;
    });
  };
  Table table{.row = "backlog",
              .title = "A life, by the number of runs that wait",
              .header = {"waiting", "keys", "one at a time a key", "no limit", "without keys",
                         "one at a time a key, in memory"}};
  for (std::size_t backlog = 1000; backlog <= largest; backlog *= 10) {
    const std::size_t keys = 1000;
    table.cells.push_back({std::to_string(backlog), std::to_string(keys), cell(backlog, keys, true, 1),
                           cell(backlog, keys, true, kNoLimit), cell(backlog, keys, false, kNoLimit),
                           cell_in_memory(backlog, keys)});
  }
  const std::size_t keys = largest / 100;
  const Pair pair = take_turns(
      std::min(settings.rounds(), 3), [&] { return round(largest, keys, true, 1); },
      [&] { return round(largest, keys, true, kNoLimit); });
  Line line{.row = "backlog",
            .name = "a backlog of " + short_number(static_cast<double>(largest)) + " runs, one at a time a key",
            .unit = "lives/s",
            .ours = pair.ours,
            .raw = pair.raw};
  line.raw_name = "the same backlog without a limit";
  line.setup = std::to_string(keys) + " keys, " + std::to_string(std::min(largest, kMostLives)) +
               " lives a round from the start on, " + std::to_string(kSlots) +
               " slots, 1 loop thread, 1 function thread, SQLite FULL";
  line.must = at_least(line, 0.9);
  report.add(std::move(line));
  report.add(std::move(table));
}

}  // namespace bench
