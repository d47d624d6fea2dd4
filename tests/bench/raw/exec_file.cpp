#include "raw/exec_file.hpp"

#include <unistd.h>

#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <string>

#include "harness/process.hpp"

namespace bench {
namespace {

bool on_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream places(path != nullptr ? path : "");
  for (std::string place; std::getline(places, place, ':');) {
    if (::access((place + "/" + program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

}  // namespace

std::optional<double> exec_files_per_second(std::size_t total, std::size_t in_flight) {
  constexpr const char* kScript = R"(
    const { execFile } = require("child_process");
    const [total, inFlight] = process.argv.slice(1).map(Number);
    let started = 0, ended = 0;
    const next = () => {
      if (started < total) execFile("/bin/true", (error) => {
        if (error) throw error;
        if (++ended == total) console.log(total / (performance.now() - start) * 1000);
        next();
      });
      ++started;
    };
    const start = performance.now();
    for (let i = 0; i < inFlight; ++i) next();
  )";
  if (!on_path("node")) return std::nullopt;
  Process node({"node", "-e", kScript, std::to_string(total), std::to_string(in_flight)});
  const std::string rate = node.read_line();
  if (rate.empty()) throw std::runtime_error("node said nothing");
  return std::stod(rate);
}

}  // namespace bench
