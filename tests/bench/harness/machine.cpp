#include "harness/machine.hpp"

#include <sqlite3.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "harness/latencies.hpp"

namespace bench {
namespace {

std::string cpu_name() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

/// The type of the mount point that is the longest prefix of `directory`.
std::string file_system_of(const std::filesystem::path& directory) {
  std::ifstream in("/proc/self/mounts");
  std::string best;
  std::string type = "unknown";
  for (std::string line; std::getline(in, line);) {
    std::istringstream fields(line);
    std::string device, point, kind;
    fields >> device >> point >> kind;
    const std::string prefix = point == "/" ? point : point + "/";
    if ((directory.string() + "/").rfind(prefix, 0) == 0 && point.size() >= best.size()) {
      best = point;
      type = kind;
    }
  }
  return type;
}

/// The word in brackets of "always [madvise] never".
std::string huge_pages() {
  std::ifstream in("/sys/kernel/mm/transparent_hugepage/enabled");
  for (std::string word; in >> word;) {
    if (word.front() == '[') return word.substr(1, word.size() - 2);
  }
  return "unknown";
}

}  // namespace

Machine look_at_machine(const std::filesystem::path& directory) {
  Machine machine;
  machine.cores = std::thread::hardware_concurrency();
  machine.cpu = cpu_name();
  utsname name{};
  if (::uname(&name) == 0) machine.kernel = std::string(name.sysname) + " " + name.release;
  machine.compiler = BENCH_COMPILER_NAME;
  machine.build = BENCH_BUILD;
  machine.sqlite = sqlite3_libversion();
  machine.directory = directory.string();
  machine.file_system = file_system_of(directory);
  machine.huge_pages = huge_pages();
  double loads[1] = {0};
  if (::getloadavg(loads, 1) == 1) machine.load = loads[0];
  machine.core_to_core_ns = core_to_core_ns();
  machine.page_fault_us = page_fault_us();
  return machine;
}

std::string describe(const Machine& machine) {
  std::ostringstream out;
  out << machine.cores << " cores (" << machine.cpu << "), " << machine.kernel << ", " << machine.compiler << " ("
      << machine.build << "), SQLite " << machine.sqlite << ", stores in " << machine.directory << " ("
      << machine.file_system << "), huge pages: " << machine.huge_pages << ".";
  return out.str();
}

double resident_bytes(int pid) {
  std::ifstream in("/proc/" + (pid == 0 ? std::string("self") : std::to_string(pid)) + "/statm");
  double size = 0, resident = 0;
  in >> size >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

}  // namespace bench
