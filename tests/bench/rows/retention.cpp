// Many short runs in a fresh process, with retention at work: memory and file keep their size, however many there were.
#include <filesystem>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "harness/closed_loop.hpp"
#include "harness/machine.hpp"
#include "harness/process.hpp"
#include "harness/workspace.hpp"
#include "rows/rows.hpp"
#include "taskcore/stores/memory.hpp"
#include "taskcore/stores/sqlite.hpp"

namespace bench {
namespace {

constexpr taskcore::Duration kAge = std::chrono::seconds(5);
constexpr std::size_t kEach = 100'000;
/// A thousand runs on the store in memory take no less: it holds what was made within the age, which else would follow
/// the machine's mood. What is late is not made up for, or more would be held then.
constexpr auto kMemoryPace = std::chrono::milliseconds(20);

struct Held {
  double runs = 0;
  double seconds = 0;
  double resident = 0;  ///< Bytes, as the other two.
  double file = 0;
  double log = 0;
};

double size_of(const std::string& path) {
  std::error_code gone;
  const auto size = std::filesystem::file_size(path, gone);
  return gone ? 0 : static_cast<double>(size);
}

std::vector<Held> execute_in_fresh_process(const std::string& path, std::size_t runs) {
  Process child({own_program(), "--child-retention", path, std::to_string(runs)});
  std::vector<Held> out;
  Held held;
  // Of a slow machine 100,000 runs may take more than a minute; the longest wait is for the first line.
  while (std::istringstream(child.read_line(std::chrono::minutes(5))) >> held.runs >> held.seconds >> held.resident >>
         held.file >> held.log)
    out.push_back(held);
  if (child.wait().exit_code != 0 || out.empty()) throw std::runtime_error("the fresh process failed");
  return out;
}

void add_table(Report& report, const std::string& store, const std::vector<Held>& all) {
  Table table{.row = "retention", .title = store + ": what is held after so many runs, retention of 5 s"};
  table.header = {"runs", "seconds", "memory", "file", "write-ahead log"};
  const std::size_t shown = std::min<std::size_t>(all.size(), 12);
  const auto megabytes = [](double bytes) { return short_number(bytes / 1e6) + " MB"; };
  for (std::size_t i = 1; i <= shown; ++i) {
    const Held& held = i == 1 ? all.front() : all[all.size() * i / shown - 1];
    table.cells.push_back({short_number(held.runs), short_number(held.seconds), megabytes(held.resident),
                           megabytes(held.file), megabytes(held.log)});
  }
  report.add(std::move(table));
}

/// `reference`: after how many runs the store holds what it will hold.
void add_lines(Report& report, const std::string& store, const std::vector<Held>& all, double reference, bool in_file) {
  const Held* first = &all.front();
  double largest = 0;
  for (const Held& held : all) {
    if (first->runs < reference && held.runs >= reference) first = &held;
    largest = std::max(largest, held.file);
  }
  const std::string count = short_number(all.back().runs);
  Line memory{.row = "retention", .name = store + ": memory after " + count + " runs", .unit = "MB"};
  memory.ours = single(all.back().resident / 1e6);
  memory.raw = single(first->resident / 1e6);
  memory.raw_name = "after " + short_number(first->runs) + " runs";
  memory.setup = "one process, runs and logs kept for 5 s and the newest 100, " + count + " runs in " +
                 short_number(all.back().seconds) + " s, 3000 in flight, " + kThroughputSetup;
  // A store in memory grows until its oldest runs are of age: a ratio from before then says nothing.
  const bool has_its_size = in_file || first->seconds >= 2 * std::chrono::duration<double>(kAge).count();
  if (has_its_size) memory.must = Limit{"≤ 105 % of raw", memory.ours.value <= 1.05 * memory.raw->value};
  report.add(std::move(memory));
  if (!in_file) return;
  Line file{.row = "retention", .name = store + ": largest file in " + count + " runs", .unit = "MB"};
  file.ours = single(largest / 1e6);
  file.setup = "after " + short_number(all.front().runs) + " runs " + short_number(all.front().file / 1e6) +
               " MB, at the end " + short_number(all.back().file / 1e6) + " MB";
  report.add(std::move(file));
}

}  // namespace

int run_retention_child(const std::string& store, std::size_t runs) {
  Loop loop{.total = runs, .in_flight = 3000, .batch = 1000};
  loop.options.retention = {.runs = kAge, .logs = kAge, .keep_newest = 100};
  const auto start = now();
  const std::size_t each = std::min(kEach, runs);
  auto next = start;
  loop.on_thousand = [&](std::size_t settled) {
    if (store.empty()) {
      next = std::max(next + kMemoryPace, now());
      std::this_thread::sleep_until(next);
    }
    if (settled % each != 0) return;
    std::cout << settled << ' ' << seconds_since(start) << ' ' << resident_bytes() << ' ' << size_of(store) << ' '
              << size_of(store + "-wal") << std::endl;
  };
  lives_per_second(store.empty() ? taskcore::memory() : taskcore::sqlite(store), loop);
  return 0;
}

void measure_retention(const Settings& settings, Report& report) {
  const std::size_t runs = settings.smoke ? 10'000 : settings.quick ? 1'000'000 : 10'000'000;
  const Workspace workspace(settings);
  const auto in_file = execute_in_fresh_process(workspace.file("retention.db"), runs);
  add_lines(report, "SQLite", in_file, 1e5, true);
  const auto in_memory = execute_in_fresh_process("", runs);
  // There the runs of five seconds are in memory: it has its size once that many were made.
  add_lines(report, "in memory", in_memory, static_cast<double>(runs) / 2, false);
  add_table(report, "SQLite", in_file);
  add_table(report, "in memory", in_memory);
}

}  // namespace bench
