// A scheduler that tests may crash and start again: the real engine on a store that outlives it, under a clock that
// moves when told.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "taskcore/taskcore.hpp"
#include "taskcore/testing/manual_host.hpp"

namespace taskcore::engine_test {

using namespace std::chrono_literals;

enum class Kind { memory, sqlite };

using test_support::TempDir;

/// Where rows live while hosts come and go.
struct Disk {
  explicit Disk(Kind k, bool for_several = false) : kind(k), shared(for_several) {}

  std::unique_ptr<Store> open() const {
    auto store = kind == Kind::memory ? memory(database, shared)
                                      : sqlite(SqliteOptions{.path = dir.file("store.db"), .full_sync = false});
    return wrap ? wrap(std::move(store)) : std::move(store);
  }

  Kind kind;
  bool shared;
  std::function<std::unique_ptr<Store>(std::unique_ptr<Store>)> wrap{};  ///< Between the engine and the store.
  TempDir dir{};
  std::shared_ptr<MemoryDatabase> database = make_memory_database();
};

/// A call of a function: what it was for, and when.
struct Call {
  std::string task;
  std::string run;
  int attempt = 0;
  Duration at{};  ///< Since the clock's start.
  std::optional<TimePoint> scheduled_for{};
};

/// An attempt of "park" that has begun and has not ended.
struct Parked {
  std::shared_ptr<RunContext> context;
  RunCompletion done;
};

/// One node. It knows three functions: "note" returns at once, "fail" throws, and "park" goes on until the test ends
/// it.
class World {
 public:
  explicit World(Kind kind = Kind::memory, Options options = {})
      : World(std::make_shared<Disk>(kind), std::make_shared<testing::VirtualClock>(), 1, std::move(options)) {}

  World(std::shared_ptr<Disk> disk, std::shared_ptr<testing::VirtualClock> clock, std::uint64_t seed,
        Options options = {})
      : disk_(std::move(disk)),
        clock_(std::move(clock)),
        seed_(seed),
        options_(std::move(options)),
        start_(clock_->now()) {
    boot();
  }

  Scheduler* operator->() { return &host_->scheduler(); }
  testing::ManualHost& host() { return *host_; }
  testing::VirtualClock& clock() { return *clock_; }
  TimePoint start() const { return start_; }
  TimePoint now() const { return clock_->now(); }
  void advance(Duration by) { host_->advance(by); }
  void settle() { host_->settle(); }

  /// What the process had in memory is gone.
  void crash() {
    host_.reset();
    parked.clear();
  }
  void boot(bool running = true) {
    host_ = std::make_unique<testing::ManualHost>(
        testing::ManualHostOptions{.store = disk_->open(), .scheduler = options_, .clock = clock_, .seed = seed_});
    seed_ += 1000;
    add_functions();
    if (running) host_->start().value();
    settle();
  }
  void reboot() {
    crash();
    boot();
  }
  /// The same after a time of which this node knows nothing.
  void reboot_after(Duration outage) {
    crash();
    clock_->advance(outage);
    boot();
  }
  /// Stops in good order; the clock goes on for the time of the grace and what follows it.
  void stop(Duration grace) {
    std::optional<Result<void>> stopped;
    host_->scheduler().async_stop(grace, [&stopped](Result<void> result) { stopped = std::move(result); });
    settle();
    for (int i = 0; i < 100 && !stopped; ++i) advance(100ms);
    REQUIRE(stopped);
    REQUIRE(stopped->has_value());
  }
  void clear_parked() { parked.clear(); }

  Task task(const std::string& id) { return host_->scheduler().get(id).value(); }
  Run run(const std::string& id) { return host_->scheduler().get_run(id).value(); }
  /// All runs of a task, oldest first.
  std::vector<Run> runs(const std::string& id) {
    return host_->scheduler().runs({.task_id = id, .oldest_first = true, .limit = 1000}).value().items;
  }
  Run last_run(const std::string& id) { return runs(id).back(); }
  std::vector<LogEntry> logs(const std::string& id) {
    return host_->scheduler().logs({.task_id = id, .limit = 1000}).value().items;
  }
  /// How many of its log lines contain `text`.
  std::size_t lines_with(const std::string& id, const std::string& text) {
    const auto lines = logs(id);
    return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [&](const LogEntry& line) {
      return line.message.find(text) != std::string::npos;
    }));
  }

  /// Ends the oldest parked attempt of a task.
  void finish(const std::string& id, Outcome outcome = Outcome::success()) {
    auto it =
        std::find_if(parked.begin(), parked.end(), [&](const Parked& each) { return each.context->task_id() == id; });
    REQUIRE(it != parked.end());
    Parked ended = std::move(*it);
    parked.erase(it);
    ended.done(std::move(outcome));
    settle();
  }

  /// When "note" was called for a task, since the clock's start.
  std::vector<Duration> times(const std::string& id) const {
    std::vector<Duration> out;
    for (const Call& call : calls) {
      if (call.task == id) out.push_back(call.at);
    }
    return out;
  }
  /// The tasks in the order of their calls.
  std::vector<std::string> order() const {
    std::vector<std::string> out;
    for (const Call& call : calls) out.push_back(call.task);
    return out;
  }

  std::vector<Call> calls{};
  std::deque<Parked> parked{};

 private:
  void note(const RunContext& context) {
    const Duration at = clock_->now() - start_;
    calls.push_back({context.task_id(), context.id(), context.attempt(), at, context.scheduled_for()});
  }

  void add_functions() {
    Scheduler& scheduler = host_->scheduler();
    scheduler.function("note", [this](RunContext& context, const boost::json::value& params) {
      note(context);
      return params;
    });
    scheduler.function("fail", [this](RunContext& context, const boost::json::value&) {
      note(context);
      throw std::runtime_error("told to fail");
    });
    scheduler.add_function(
        "park", {.blocking = false, .start = [this](std::shared_ptr<RunContext> context, RunCompletion done) {
                   note(*context);
                   parked.push_back({std::move(context), std::move(done)});
                 }});
  }

  std::shared_ptr<Disk> disk_;
  std::shared_ptr<testing::VirtualClock> clock_;
  std::uint64_t seed_;
  Options options_;
  TimePoint start_;
  std::unique_ptr<testing::ManualHost> host_{};
};

/// A store of each kind in turn; each test runs once with each.
inline Kind either_kind() { return GENERATE(Kind::memory, Kind::sqlite); }

using Times = std::vector<Duration>;
using Names = std::vector<std::string>;

}  // namespace taskcore::engine_test
