// Mixed schedules over a long time, with crashes each hour: nothing due is forgotten, nothing runs twice. By hand for
// a year: TASKCORE_YEAR_TASKS=10000 TASKCORE_YEAR_DAYS=365 sim_tests "Mixed schedules*"
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <stdexcept>

#include "sim/chance.hpp"
#include "support/catch.hpp"
#include "support/coverage.hpp"
#include "taskcore/stores/memory.hpp"
#include "taskcore/testing/manual_host.hpp"

using namespace taskcore;
using namespace std::chrono_literals;

namespace {

constexpr Duration kDecade = 10 * 365 * 24h;

std::uint64_t number_of(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::string some_schedule(sim::Chance& chance) {
  if (chance.one_in(60)) return "every 1 hour";
  if (chance.one_in(200)) return "every 20 minutes";
  const std::string clock = std::to_string(chance.between(0, 23)) + ":" + (chance.one_in(2) ? "00" : "30");
  switch (chance.below(10)) {
    case 0:
      return "daily at 2:30";  // the hour that clocks skip and repeat
    case 1:
      return "every " + std::to_string(chance.between(6, 160)) + " hours";
    case 2:
      return "daily at " + clock + " and 1:15";
    case 3:
      return "weekly on monday, friday at " + clock;
    case 4:
      return "monthly on 1, 15, last at " + clock;
    case 5:
      return "weekdays at " + clock;
    case 6:
      return chance.of<const char*>({"0 9 L * MON#1", "30 2 * * *", "*/30 1-3 * * SUN", "0 0 29 2 *", "@monthly",
                                     "0 12 LW * *", "0 6 15W * *", "0 0 13 * FRI", "5 4 L-3 * *", "0 22 * * 5L"});
    default:
      return "daily at " + clock;
  }
}

TaskSpec some_task(sim::Chance& chance, std::size_t number) {
  TaskSpec spec{.id = "task-" + std::to_string(number), .name = "T"};
  spec.config = call(chance.one_in(20) ? "flaky" : "work");
  spec.schedule = some_schedule(chance);
  spec.timezone = chance.of<const char*>({"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
                                          "Asia/Kolkata", "Africa/Casablanca", "America/Santiago", "Asia/Tehran"});
  spec.misfire = chance.of({Misfire::run_once, Misfire::run_once, Misfire::skip, Misfire::run_all});
  spec.overlap = chance.of({Overlap::skip, Overlap::queue, Overlap::allow, Overlap::cancel_previous});
  if (chance.one_in(10)) spec.start_deadline = chance.ms(1000, 3'600'000);
  spec.catch_up_limit = chance.one_in(3) ? 2 : 100;
  if (chance.one_in(8)) spec.schedule_jitter = chance.ms(1, 7'200'000);
  if (chance.one_in(12)) spec.max_runs = chance.between(1, 40);
  const bool on_sundays = spec.schedule.find("SUN") != std::string::npos;  // with a free weekend it would never be due
  if (chance.one_in(4)) spec.calendar = on_sundays ? "holidays" : chance.of({"weekend", "holidays"});
  if (!spec.schedule.starts_with("every")) {
    spec.on_closed_day = chance.of({OnClosedDay::skip, OnClosedDay::next_working_day});
  }
  return spec;
}

/// One node whose process dies again and again; its store does not.
class Years {
 public:
  Years(std::uint64_t seed, std::size_t tasks) : chance_(seed, 0), tasks_(tasks) {
    boot();
    const CalendarSpec weekend{.name = "weekend", .weekdays = {"saturday", "sunday"}};
    host_->scheduler().put_calendar(weekend).value();
    const CalendarSpec holidays{.name = "holidays", .dates = {"01-01", "01-06/01-08", "03-29", "12-24/12-26", "05-01"}};
    host_->scheduler().put_calendar(holidays).value();
    for (std::size_t i = 0; i < tasks; ++i) host_->scheduler().create(some_task(chance_, i)).value();
  }

  void live_through(int hours) {
    for (int hour = 0; hour < hours; ++hour) {
      const Duration quiet = chance_.ms(0, 3'500'000);
      host_->advance(quiet);
      if (chance_.one_in(12)) pause_or_resume();
      clock_->advance(std::chrono::hours(1) - quiet);
      for (auto steps = chance_.below(40); steps > 0 && host_->step();) --steps;
      host_.reset();  // whatever it was about to do
      ++crashes_;
      if (chance_.one_in(10)) clock_->advance(chance_.ms(0, chance_.one_in(20) ? 200'000'000 : 10'000'000));
      boot();
    }
    for (std::size_t i = 0; i < tasks_; ++i) host_->scheduler().pause("task-" + std::to_string(i)).value();
    host_->advance(3h);  // what waits for its jitter or a retry ends
    host_.reset();
  }

  testing::Coverage coverage() {
    const auto store = memory(database_);
    store->open().value();
    const auto reader = store->make_reader().value();
    testing::Coverage sum;
    for (std::size_t i = 0; i < tasks_; ++i) {
      sum += testing::cover(*reader, reader->find_task("task-" + std::to_string(i)).value().value());
    }
    return sum;
  }

  std::size_t crashes() const { return crashes_; }

 private:
  void boot() {
    Options options;
    options.max_concurrent = 1000;
    options.retention = {.runs = kDecade, .logs = kDecade};
    host_ = std::make_unique<testing::ManualHost>(testing::ManualHostOptions{
        .store = memory(database_), .scheduler = options, .clock = clock_, .seed = chance_.draw()});
    Scheduler& scheduler = host_->scheduler();
    scheduler.function("work", [](RunContext&, const boost::json::value&) {});
    scheduler.function("flaky", [this](RunContext&, const boost::json::value&) {
      if (chance_.one_in(3)) throw std::runtime_error("told to fail");
    });
    host_->start().value();
  }

  void pause_or_resume() {
    const std::string id = "task-" + std::to_string(chance_.below(tasks_));
    const bool paused = host_->scheduler().get(id).value().paused;
    (paused ? host_->scheduler().resume(id) : host_->scheduler().pause(id)).value();
  }

  sim::Chance chance_;
  std::size_t tasks_;
  std::size_t crashes_ = 0;
  std::shared_ptr<MemoryDatabase> database_ = make_memory_database();
  std::shared_ptr<testing::VirtualClock> clock_ = std::make_shared<testing::VirtualClock>();
  std::unique_ptr<testing::ManualHost> host_{};
};

}  // namespace

TEST_CASE("Mixed schedules with a crash each hour: every due instant is a run, coalesced or skipped, and none twice") {
  const std::uint64_t seed = number_of("TASKCORE_YEAR_SEED", std::random_device{}());
  const std::size_t tasks = number_of("TASKCORE_YEAR_TASKS", 300);
  const auto days = static_cast<int>(number_of("TASKCORE_YEAR_DAYS", 40));
  INFO("TASKCORE_YEAR_SEED=" << seed << " TASKCORE_YEAR_TASKS=" << tasks << " TASKCORE_YEAR_DAYS=" << days);
  Years years(seed, tasks);
  years.live_through(days * 24);
  const testing::Coverage coverage = years.coverage();
  CHECK(coverage.fault == "");
  CHECK(coverage.runs > tasks);
  std::cout << tasks << " schedules over " << days << " days and " << years.crashes() << " crashes: " << coverage.runs
            << " runs, " << coverage.coalesced << " instants coalesced, " << coverage.skipped << " skipped\n";
}
