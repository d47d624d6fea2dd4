// From a thousand stored tasks on, each size ten times the last, in one growing file: what the number costs at the
// start, in memory, when idle, in throughput, and in each small call.
#include <filesystem>
#include <thread>

#include "harness/closed_loop.hpp"
#include "harness/workspace.hpp"
#include "rows/pick_up.hpp"
#include "rows/rows.hpp"
#include "rows/stored_tasks.hpp"

namespace bench {
namespace {

std::vector<std::size_t> sizes(const Settings& settings) {
  if (settings.smoke) return {100, 1000};
  std::vector<std::size_t> out{1000, 10'000, 100'000};
  if (!settings.quick) out.push_back(1'000'000);
  if (settings.largest) out.push_back(10'000'000);
  return out;
}

/// The median of some calls, in microseconds.
template <class Call>
double median_us(std::size_t samples, Call call) {
  std::vector<double> out;
  for (std::size_t i = 0; i < samples; ++i) {
    const auto start = now();
    call(i);
    out.push_back(seconds_since(start) * 1e6);
  }
  return percentile(std::move(out), 0.5);
}

std::string microseconds(double value) { return short_number(value) + " µs"; }

/// The small calls: pick-up p50 and p99, first due, create, first page, get.
std::vector<std::string> small_calls(const Settings& settings, const std::string& path) {
  PickUp subject(path);
  taskcore::Scheduler& scheduler = subject.scheduler();
  const std::size_t samples = settings.smoke ? 5 : settings.quick ? 100 : 500;
  std::vector<double> pick_up_us;
  std::vector<double> first_due_us;
  for (std::size_t i = 0; i < samples; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(4));  // idle, as in the row of that name
    pick_up_us.push_back(subject.pick_up_us());
    if (i % 10 == 0) first_due_us.push_back(subject.first_due_us());
  }
  const double create_us = median_us(samples, [&](std::size_t) { scheduler.create({.name = "another"}).value(); });
  const double list_us = median_us(samples / 5, [&](std::size_t) { scheduler.list().value(); });
  const auto page = scheduler.list({.oldest_first = true}).value();
  const double get_us =
      median_us(samples, [&](std::size_t i) { scheduler.get(page.items[i % page.items.size()].id).value(); });
  return {microseconds(percentile(pick_up_us, 0.5)),
          microseconds(percentile(pick_up_us, 0.99)),
          microseconds(percentile(first_due_us, 0.5)),
          microseconds(create_us),
          microseconds(list_us),
          microseconds(get_us)};
}

}  // namespace

void measure_scaling(const Settings& settings, Report& report) {
  const Workspace workspace(settings);
  const std::string path = workspace.file("scaling.db");
  const Loop loop{.total = settings.size(30000, 1000), .in_flight = 3000, .batch = 1000};
  Table table{.row = "scaling", .title = "by the number of stored tasks, SQLite FULL"};
  table.header = {"stored",      "start-up",    "memory",    "idle CPU",   "file",      "lives/s",
                  "pick-up p50", "pick-up p99", "first due", "create one", "list page", "get one"};
  std::vector<Figure> rates;
  std::size_t stored = 0;
  for (const std::size_t size : sizes(settings)) {
    fill_store(path, size - stored, settings.seed + size);
    stored = size;
    const Fresh fresh = look_from_fresh_process(path, settings.smoke ? 0.2 : settings.quick ? 2 : 5);
    const auto bytes = static_cast<double>(std::filesystem::file_size(path));
    std::vector<double> rounds;
    for (int i = 0; i < settings.rounds(); ++i) rounds.push_back(lives_per_second(taskcore::sqlite(path), loop));
    rates.push_back(figure(rounds));
    std::vector<std::string> cells{
        short_number(static_cast<double>(size)), short_number(fresh.start_seconds * 1000) + " ms",
        short_number(fresh.megabytes) + " MB",   short_number(fresh.idle_share * 100) + " %",
        short_number(bytes / 1e6) + " MB",       short_number(rates.back().value)};
    for (std::string& cell : small_calls(settings, path)) cells.push_back(std::move(cell));
    table.cells.push_back(std::move(cells));
  }
  Line line{.row = "scaling", .name = "throughput with " + table.cells.back().front() + " stored", .unit = "lives/s"};
  line.ours = rates.back();
  line.raw = rates.front();
  line.raw_name = "the same with " + table.cells.front().front() + " stored";
  line.setup = std::to_string(loop.total) + " lives a round, 3000 in flight, " + kThroughputSetup +
               ", SQLite FULL; small calls: medians, when idle; first due: start against its instant";
  line.must = at_least(line, 0.8);
  line.goal = at_least(line, 0.95);
  report.add(std::move(line));
  report.add(std::move(table));
}

}  // namespace bench
