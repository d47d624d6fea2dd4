// The process: see process_metrics.hpp.
#include "metrics/process_metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>

namespace taskd {

namespace {

/// Taken before main: exact enough for telling restarts.
const auto kStarted = std::chrono::system_clock::now();

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

std::optional<std::size_t> open_files() {
  std::error_code ec;
  std::size_t count = 0;
  for (std::filesystem::directory_iterator it("/proc/self/fd", ec), end; !ec && it != end; it.increment(ec)) ++count;
  if (ec || count == 0) return std::nullopt;
  return count - 1;  // one is the look itself
}

}  // namespace

void write_process(Exposition& out) {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  out.counter("process_cpu_seconds_total", "Processor time, user and system.");
  out.sample(seconds(usage.ru_utime) + seconds(usage.ru_stime));

  std::size_t pages = 0;
  std::size_t resident = 0;
  if (std::ifstream("/proc/self/statm") >> pages >> resident) {
    const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
    out.gauge("process_virtual_memory_bytes", "Virtual memory.");
    out.sample(static_cast<double>(pages) * page);
    out.gauge("process_resident_memory_bytes", "Resident memory.");
    out.sample(static_cast<double>(resident) * page);
  }

  if (const auto files = open_files()) {
    out.gauge("process_open_fds", "Open file descriptors.");
    out.sample(static_cast<double>(*files));
  }
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
    out.gauge("process_max_fds", "Open file descriptors that are allowed.");
    out.sample(static_cast<double>(limit.rlim_cur));
  }

  out.gauge("process_start_time_seconds", "When the process started, in seconds since 1970.");
  out.sample(std::chrono::duration<double>(kStarted.time_since_epoch()).count());
}

}  // namespace taskd
