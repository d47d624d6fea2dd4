// Many runs wait, over many concurrency keys: lives a second with a limit of one run a key, beside the same backlog
// without that limit; and what a life costs as the backlog grows, also where no run has a key, in memory, where the
// pages that a commit reads and writes are no part of it, and by SQLite alone. All sizes take turns.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <semaphore>

#include "harness/closed_loop.hpp"
#include "harness/measure.hpp"
#include "harness/workspace.hpp"
#include "raw/sqlite_life.hpp"
#include "rows/rows.hpp"
#include "taskcore/host.hpp"
#include "taskcore/stores/memory.hpp"
#include "taskcore/stores/sqlite.hpp"

namespace bench {
namespace {

constexpr std::size_t kBatch = 1000;
constexpr int kNoLimit = 100000;
constexpr int kSlots = 300;
constexpr const char* kQueue = "bench";

/// So many runs that wait.
class Backlog {
 public:
  virtual ~Backlog() = default;
  /// Stores them.
  virtual void fill() = 0;
  /// Lets so many come to life. A backlog that is not as long comes to its end again and again, and is put there anew,
  /// which is no part of the time. Gives lives a second.
  double measure(std::size_t lives) { return rates_.emplace_back(lives_per_second(lives)); }

  std::string microseconds() const { return short_number(1e6 / figure(rates_).value) + " µs"; }

 protected:
  virtual double lives_per_second(std::size_t lives) = 0;

 private:
  std::vector<double> rates_{};
};

/// In a store of ours, and what they live under.
class Waiting final : public Backlog {
 public:
  struct Rules {
    const char* title;
    bool with_keys;
    int key_limit;
    bool in_memory;
  };

  Waiting(std::string path, std::size_t backlog, std::size_t keys, Rules rules)
      : backlog_(backlog), keys_(keys), rules_(rules) {
    if (rules.in_memory) {
      open_ = [database = taskcore::make_memory_database()] { return taskcore::memory(database); };
    } else {
      open_ = [path = std::move(path)] { return taskcore::sqlite(path); };
    }
  }

  /// Stores the tasks, with a key each or with none, and the backlog, of each of them in turn.
  void fill() override {
    taskcore::Host host(options());
    auto& scheduler = host.scheduler();
    scheduler.function("nothing", [](taskcore::RunContext&, const boost::json::value&) {});
    std::vector<taskcore::TaskSpec> specs;
    for (std::size_t i = 0; i < keys_; ++i) {
      specs.push_back({.id = "t" + std::to_string(i),
                       .name = "bench",
                       .config = taskcore::call("nothing"),
                       .overlap = taskcore::Overlap::allow,
                       .queue = kQueue});
      if (rules_.with_keys) specs.back().concurrency_key = "customer " + std::to_string(i);
    }
    scheduler.create_all(std::move(specs)).value();
    pause(scheduler, true);
    while (submitted_ < backlog_) submit(scheduler, std::min(kBatch, backlog_ - submitted_));
    host.stop().value();
  }

 private:
  /// Nor is the first claim part of the time, which fills the slots: the clock starts with the last call of those.
  double lives_per_second(std::size_t lives) override {
    std::atomic<std::size_t> calls{0};
    std::atomic<std::size_t> last{0};
    std::atomic<SteadyTime> start{};
    std::atomic<SteadyTime> end{};
    std::binary_semaphore ended(0);
    taskcore::Host host(options());
    auto& scheduler = host.scheduler();
    scheduler.function("nothing", [&](taskcore::RunContext&, const boost::json::value&) {
      const std::size_t call = ++calls;
      if (call == last - lives_at_once(lives) + kSlots) start = now();
      if (call != last) return;
      end = now();
      ended.release();
    });
    host.start().value();
    double seconds = 0;
    std::size_t timed = 0;
    for (; last < lives; seconds += std::chrono::duration<double>(end.load() - start.load()).count()) {
      while (submitted_ < lived_ + last + backlog_)
        submit(scheduler, std::min(kBatch, lived_ + last + backlog_ - submitted_));
      last += lives_at_once(lives);
      timed += lives_at_once(lives) - kSlots;
      pause(scheduler, false);
      ended.acquire();
      pause(scheduler, true);
    }
    host.stop().value();
    lived_ += calls;
    return static_cast<double>(timed) / seconds;
  }

  taskcore::HostOptions options() const {
    taskcore::HostOptions options;
    options.store = open_();
    options.scheduler = throughput_options();
    options.scheduler.max_concurrent = kSlots;
    return options;
  }

  std::size_t lives_at_once(std::size_t lives) const { return std::min(lives, backlog_); }

  void pause(taskcore::Scheduler& scheduler, bool paused) const {
    scheduler.put_queue({.name = kQueue, .key_limit = rules_.key_limit, .paused = paused}).value();
  }

  void submit(taskcore::Scheduler& scheduler, std::size_t count) {
    std::vector<taskcore::ExecuteRequest> batch;
    for (std::size_t i = 0; i < count; ++i) batch.push_back({"t" + std::to_string(submitted_++ % keys_)});
    scheduler.submit(std::move(batch)).value();
  }

  std::function<std::unique_ptr<taskcore::Store>()> open_{};  ///< Opens the same store again and again.
  std::size_t backlog_;
  std::size_t keys_;
  Rules rules_;
  std::size_t submitted_ = 0;
  std::size_t lived_ = 0;
};

/// Rows that SQLite alone claims and completes, as many at a time as we have slots.
class RawWaiting final : public Backlog {
 public:
  RawWaiting(const std::string& path, std::size_t backlog) : rows_(path), backlog_(backlog) {}

  void fill() override {
    rows_.insert(backlog_ - waiting_, kBatch);
    waiting_ = backlog_;
  }

 private:
  double lives_per_second(std::size_t lives) override {
    double seconds = 0;
    for (std::size_t lived = 0; lived < lives;) {
      fill();
      const std::size_t at_once = std::min(lives, backlog_);
      seconds += static_cast<double>(at_once) / rows_.drain(at_once, kSlots);
      waiting_ -= at_once;
      lived += at_once;
    }
    return static_cast<double>(lives) / seconds;
  }

  SqliteLife rows_;
  std::size_t backlog_;
  std::size_t waiting_ = 0;
};

constexpr Waiting::Rules kOneAKey{
    .title = "one at a time a key", .with_keys = true, .key_limit = 1, .in_memory = false};
constexpr Waiting::Rules kAnyNumberAKey{
    .title = "no limit", .with_keys = true, .key_limit = kNoLimit, .in_memory = false};
constexpr Waiting::Rules kWithoutKeys{
    .title = "without keys", .with_keys = false, .key_limit = kNoLimit, .in_memory = false};
constexpr Waiting::Rules kOneAKeyInMemory{
    .title = "one at a time a key, in memory", .with_keys = true, .key_limit = 1, .in_memory = true};

std::size_t lives_a_round(const Settings& settings) { return settings.size(30'000, 1000); }

Table growth(const Settings& settings, const Workspace& workspace, std::size_t largest) {
  constexpr std::size_t kKeys = 1000;
  constexpr std::array kColumns{kOneAKey, kAnyNumberAKey, kWithoutKeys, kOneAKeyInMemory};
  constexpr std::size_t kWidth = kColumns.size() + 1;
  std::vector<std::unique_ptr<Backlog>> all;
  std::vector<std::string> sizes;
  const auto file = [&] { return workspace.file("backlog" + std::to_string(all.size())); };
  for (std::size_t backlog = 1000; backlog <= largest; backlog *= 10) {
    sizes.push_back(std::to_string(backlog));
    for (const auto& rules : kColumns) all.push_back(std::make_unique<Waiting>(file(), backlog, kKeys, rules));
    all.push_back(std::make_unique<RawWaiting>(file(), backlog));
  }
  for (const auto& each : all) each->fill();
  ::sync();
  // There and back, so that a mood of the machine or of its disk meets all alike.
  for (int round = 0; round < settings.rounds(); ++round) {
    for (std::size_t i = 0; i < all.size(); ++i)
      all[round % 2 == 0 ? i : all.size() - 1 - i]->measure(lives_a_round(settings));
  }
  Table table{.row = "backlog", .title = "A life, by the number of runs that wait", .header = {"waiting", "keys"}};
  for (const auto& rules : kColumns) table.header.push_back(rules.title);
  table.header.push_back("SQLite alone, without keys");
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    auto& row = table.cells.emplace_back();
    row = {sizes[i], std::to_string(kKeys)};
    for (std::size_t j = 0; j < kWidth; ++j) row.push_back(all[i * kWidth + j]->microseconds());
  }
  workspace.remove("backlog");
  return table;
}

Line limit_against_none(const Settings& settings, const Workspace& workspace, std::size_t backlog) {
  const std::size_t keys = backlog / 100;
  Waiting limited(workspace.file("backlog-limited"), backlog, keys, kOneAKey);
  Waiting free(workspace.file("backlog-free"), backlog, keys, kAnyNumberAKey);
  limited.fill();
  free.fill();
  ::sync();
  const std::size_t lives = lives_a_round(settings);
  const Pair pair = take_turns(
      settings.rounds(), [&] { return limited.measure(lives); }, [&] { return free.measure(lives); });
  workspace.remove("backlog");
  Line line{.row = "backlog",
            .name = "a backlog of " + short_number(static_cast<double>(backlog)) + " runs, one at a time a key",
            .unit = "lives/s",
            .ours = pair.ours,
            .raw = pair.raw};
  line.raw_name = "the same backlog without a limit";
  line.setup = std::to_string(keys) + " keys, " + std::to_string(lives) + " lives a round, " + std::to_string(kSlots) +
               " slots, 1 loop thread, 1 function thread, SQLite FULL";
  line.must = at_least(line, 0.9);
  return line;
}

}  // namespace

void measure_backlog(const Settings& settings, Report& report) {
  const std::size_t largest = settings.smoke ? 10'000 : settings.quick ? 100'000 : 1'000'000;
  const Workspace workspace(settings);
  report.add(limit_against_none(settings, workspace, largest));
  report.add(growth(settings, workspace, largest));
}

}  // namespace bench
