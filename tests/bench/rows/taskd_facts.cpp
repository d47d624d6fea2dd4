// The server itself: how big it is, what it holds when idle, how soon it is ready.
#include <filesystem>
#include <thread>

#include "harness/machine.hpp"
#include "harness/workspace.hpp"
#include "load/taskd_process.hpp"
#include "rows/rows.hpp"

namespace bench {
namespace {

/// The program's size without symbols, where there is a `strip`.
double stripped_bytes(const Workspace& workspace, const std::string& program) {
  const std::string copy = workspace.file("stripped");
  Process strip({"strip", "-o", copy, program});
  return static_cast<double>(std::filesystem::file_size(strip.wait().exit_code == 0 ? copy : program));
}

void add(Report& report, const char* name, const char* unit, const Figure& value, const std::string& setup, double must,
         double goal) {
  Line line{.row = "taskd", .name = name, .unit = unit, .ours = value, .setup = setup};
  line.must = Limit{"≤ " + short_number(must) + " " + unit, value.value <= must};
  line.goal = Limit{"≤ " + short_number(goal) + " " + unit, value.value <= goal};
  report.add(std::move(line));
}

}  // namespace

void measure_taskd(const Settings& settings, Report& report) {
  if (settings.taskd.empty()) return report.skip("taskd", "there is no taskd; --taskd names it");
  const Workspace workspace(settings);
  std::vector<double> starts_ms;
  std::vector<double> resident_mb;
  for (int i = 0; i < 2 * settings.rounds(); ++i) {
    TaskdProcess taskd(settings.taskd, workspace.file("data" + std::to_string(i)));
    starts_ms.push_back(taskd.seconds_to_ready() * 1000);
    std::this_thread::sleep_for(std::chrono::milliseconds(settings.smoke ? 10 : 500));
    resident_mb.push_back(resident_bytes(taskd.pid()) / 1e6);
    taskd.stop();
  }
  add(report, "taskd, size of the program", "MB", single(stripped_bytes(workspace, settings.taskd) / 1e6), "stripped",
      12, 6);
  add(report, "taskd, resident memory when idle", "MB", figure(resident_mb),
      "half a second after the start, empty store", 20, 10);
  add(report, "taskd, start to ready", "ms", figure(starts_ms),
      "from the spawn to 200 of /readyz, a new data directory each", 100, 20);
}

}  // namespace bench
