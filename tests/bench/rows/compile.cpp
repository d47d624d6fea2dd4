// What including taskcore.hpp costs a host: the user time of compiling one file without optimization.
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "harness/process.hpp"
#include "harness/workspace.hpp"
#include "rows/rows.hpp"

namespace bench {
namespace {

constexpr const char* kHost = R"(#include <taskcore/taskcore.hpp>
int main() {
  taskcore::Host host({.store = taskcore::sqlite("host.db")});
  auto task = host.scheduler().ensure({.id = "task", .name = "Task", .schedule = "every 1 second"});
  return task ? host.run_until_signal() : 1;
}
)";

std::vector<std::string> command(const std::string& file) {
  std::vector<std::string> out{BENCH_COMPILER, "-std=c++20", "-O0", "-c", file, "-o", "/dev/null"};
  std::istringstream directories(BENCH_INCLUDES);
  for (std::string directory; std::getline(directories, directory, ':');) {
    if (!directory.empty() && directory != "/usr/include") out.push_back("-I" + directory);
  }
  return out;
}

}  // namespace

void measure_compile(const Settings& settings, Report& report) {
  const Workspace workspace(settings);
  const std::string file = workspace.file("host.cpp");
  std::ofstream(file) << kHost;
  std::vector<double> seconds;
  for (int i = 0; i < settings.rounds(); ++i) {
    Process compiler(command(file));
    const ProcessEnd end = compiler.wait();
    if (end.exit_code != 0) throw std::runtime_error("the file does not compile");
    seconds.push_back(end.user_seconds);
  }
  Line line{.row = "compile", .name = "compiling a host's file", .unit = "s", .ours = figure(seconds)};
  line.setup = std::string("user CPU of ") + BENCH_COMPILER + " -O0, a program of six lines that includes taskcore.hpp";
  line.must = Limit{"≤ 2 s CPU", line.ours.value <= 2};
  line.goal = Limit{"≤ 1.5 s", line.ours.value <= 1.5};
  report.add(std::move(line));
}

}  // namespace bench
