#include "crash/process_tree.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace taskcore::crash {
namespace {

namespace fs = std::filesystem;

std::string read_all(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<pid_t> all_processes() {
  std::vector<pid_t> out;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    pid_t pid = 0;
    const auto [end, bad] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (bad == std::errc{} && end == name.data() + name.size()) out.push_back(pid);
  }
  return out;
}

fs::path proc_of(pid_t pid) { return fs::path("/proc") / std::to_string(pid); }

}  // namespace

std::vector<pid_t> marked_processes(const std::string& mark) {
  const std::string wanted = std::string("TASKCORE_MARK=") + mark + '\0';
  std::vector<pid_t> out;
  for (const pid_t pid : all_processes()) {
    if (read_all(proc_of(pid) / "environ").find(wanted) != std::string::npos) out.push_back(pid);
  }
  return out;
}

bool all_gone(const std::vector<pid_t>& pids, std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  bool gone = true;
  for (const pid_t pid : pids) {
    const int fd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    if (fd < 0) continue;  // it is gone
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
    pollfd ended{fd, POLLIN, 0};
    gone &= ::poll(&ended, 1, static_cast<int>(std::max<std::int64_t>(left, 0))) > 0;
    ::close(fd);
  }
  return gone;
}

int zombie_children() {
  int count = 0;
  for (const pid_t pid : all_processes()) {
    const std::string stat = read_all(proc_of(pid) / "stat");
    const auto name_end = stat.rfind(')');
    if (name_end == std::string::npos) continue;
    std::istringstream rest(stat.substr(name_end + 1));
    char state = 0;
    pid_t parent = 0;
    rest >> state >> parent;
    count += state == 'Z' && parent == ::getpid() ? 1 : 0;
  }
  return count;
}

int open_descriptors() {
  const fs::directory_iterator all("/proc/self/fd");
  return static_cast<int>(std::distance(begin(all), end(all)));
}

long resident_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stol(line.substr(6));
  }
  return 0;
}

}  // namespace taskcore::crash
