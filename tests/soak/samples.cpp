#include "soak/samples.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>

namespace taskcore::soak {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kShown = 18;

double size_of(const std::string& file) {
  std::error_code gone;
  const auto size = fs::file_size(file, gone);
  return gone ? 0 : static_cast<double>(size);
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

void Samples::take(double at, double age, int life, pid_t pid, const std::string& database) {
  const fs::path proc = "/proc/" + std::to_string(pid);
  std::ifstream memory(proc / "statm");
  double pages = 0;
  double resident = 0;
  std::error_code gone;
  const fs::directory_iterator open(proc / "fd", gone);
  if (!(memory >> pages >> resident) || resident == 0 || gone) return;
  all_.push_back({.at = at,
                  .age = age,
                  .life = life,
                  .resident = resident * static_cast<double>(::sysconf(_SC_PAGESIZE)),
                  .database = size_of(database),
                  .wal = size_of(database + "-wal"),
                  .descriptors = static_cast<int>(std::distance(begin(open), end(open)))});
}

std::vector<Sample> Samples::shown() const {
  std::vector<Sample> out;
  const std::size_t count = std::min(kShown, all_.size());
  for (std::size_t i = 1; i <= count; ++i) out.push_back(all_[all_.size() * i / count - 1]);
  return out;
}

void Samples::print(std::ostream& out) const {
  out << "    at s  life   age s  resident MB  database MB  WAL MB  descriptors\n";
  for (const Sample& sample : shown()) {
    char line[128];
    std::snprintf(line, sizeof line, "%8.1f %5d %7.1f %12.1f %12.1f %7.1f %12d\n", sample.at, sample.life, sample.age,
                  sample.resident / 1e6, sample.database / 1e6, sample.wal / 1e6, sample.descriptors);
    out << line;
  }
}

boost::json::array Samples::json() const {
  boost::json::array out;
  for (const Sample& sample : shown()) {
    out.push_back({{"at", sample.at},
                   {"life", sample.life},
                   {"age", sample.age},
                   {"resident", sample.resident},
                   {"database", sample.database},
                   {"wal", sample.wal},
                   {"descriptors", sample.descriptors}});
  }
  return out;
}

double Samples::growth(double Sample::*what, double warm_up) const {
  std::vector<double> warm;
  for (const Sample& sample : all_) {
    if (sample.age >= warm_up) warm.push_back(sample.*what);
  }
  if (warm.size() < 8) return 0;
  const auto quarter = static_cast<std::ptrdiff_t>(warm.size() / 4);
  return median({warm.end() - quarter, warm.end()}) / median({warm.begin(), warm.begin() + quarter});
}

}  // namespace taskcore::soak
