#include "load/taskd_process.hpp"

#include <cstdlib>
#include <stdexcept>

#include "harness/measure.hpp"
#include "load/http_client.hpp"

namespace bench {

TaskdProcess::TaskdProcess(const std::string& program, const std::string& data_directory)
    : program_(program),
      data_directory_(data_directory),
      process_({program, "serve"},
               {"TASK_DATA_DIR=" + data_directory, "TASK_LISTEN=127.0.0.1:0", "TASK_RATE_LIMIT=0"}) {
  const auto start = now();  // It is being loaded since a fraction of a millisecond.
  const std::string key = "http://127.0.0.1:";
  const std::string line = process_.read_line(std::chrono::seconds(20));
  const std::size_t at = line.find(key);
  if (at == std::string::npos) throw std::runtime_error("taskd did not start: " + line);
  port_ = static_cast<std::uint16_t>(std::atoi(line.c_str() + at + key.size()));
  const std::string request = http_request("GET", "/readyz", "");
  while (exchange(port_, request).rfind("HTTP/1.1 200", 0) != 0) {
    if (seconds_since(start) > 20) throw std::runtime_error("taskd does not get ready");
  }
  seconds_to_ready_ = seconds_since(start);
}

std::string TaskdProcess::make_token() const {
  Process process(
      {program_, "token", "--data-dir", data_directory_, "--sub", "bench", "--role", "admin", "--ttl", "1h"});
  std::string token = process.read_line();
  if (process.wait().exit_code != 0 || token.empty()) throw std::runtime_error("taskd gave no token");
  return token;
}

void TaskdProcess::stop() {
  process_.terminate();
  process_.read_all();
  if (process_.wait().exit_code != 0) throw std::runtime_error("taskd did not stop cleanly");
}

}  // namespace bench
