// See delegated_group.hpp.
#include "delegated_group.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "file.hpp"

namespace taskd {

namespace fs = std::filesystem;
using taskcore::Result;

namespace {

constexpr std::string_view kOwnName = "taskd";

taskcore::Error unusable(const std::string& why) {
  return taskcore::fail(taskcore::Errc::invalid, "TASK_SCRIPT_CGROUP: " + why);
}

taskcore::Error cannot(const std::string& what, int error) {
  return unusable("cannot " + what + ": " + std::strerror(error) + "; has the unit Delegate=yes?");
}

/// Gives 0 or errno.
int write_file(const fs::path& file, std::string_view text) {
  const File out(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  return out && ::write(out.get(), text.data(), text.size()) >= 0 ? 0 : errno;
}

int make_directory(const fs::path& directory) {
  return ::mkdir(directory.c_str(), 0755) == 0 || errno == EEXIST ? 0 : errno;
}

/// Where groups of version 2 are: alone, or beside those of version 1. Empty: nowhere.
fs::path place_of_groups() {
  for (const char* place : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
    struct statfs system {};
    if (::statfs(place, &system) == 0 && system.f_type == CGROUP2_SUPER_MAGIC) return place;
  }
  return {};
}

/// Of /proc/self/cgroup, in which the group of version 2 is "0::/PATH".
std::string path_of_own_group() {
  std::ifstream in("/proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("0::/")) return line.substr(4);
  }
  return {};
}

taskcore::Error shared(const fs::path& group) {
  return unusable("other processes than taskd are in " + group.string());
}

bool has_other_processes(const fs::path& group) {
  std::ifstream in(group / "cgroup.procs");
  const std::string own = std::to_string(::getpid());
  for (std::string pid; in >> pid;) {
    if (pid != own) return true;
  }
  return false;
}

Result<void> hand_on_controllers(const fs::path& group) {
  std::ifstream in(group / "cgroup.controllers");
  for (std::string controller; in >> controller;) {
    if (controller != "memory" && controller != "pids") continue;
    const int error = write_file(group / "cgroup.subtree_control", "+" + controller);
    if (error == EBUSY) return shared(group);
    if (error != 0) return cannot("hand on '" + controller + "' in " + group.string(), error);
  }
  return {};
}

}  // namespace

Result<std::string> split_delegated_group() {
  const fs::path place = place_of_groups();
  if (place.empty()) return unusable("there are no control groups of version 2 here");
  return split_delegated_group(place / path_of_own_group(), place);
}

Result<std::string> split_delegated_group(fs::path own, const fs::path& root) {
  if (own.filename().empty()) own = own.parent_path();  // a slash at the end
  // The root is left to nobody: a group below it is one that was delegated, whatever its name.
  const bool is_in_place = own.filename() == kOwnName && own.parent_path() != root;
  const fs::path group = is_in_place ? own.parent_path() : own;
  if (has_other_processes(group)) return shared(group);  // before anything is made or moved
  const fs::path scripts = group / "scripts";
  if (const int error = make_directory(scripts); error != 0) return cannot("make " + scripts.string(), error);
  if (!is_in_place) {
    const fs::path ours = group / kOwnName;
    if (const int error = make_directory(ours); error != 0) return cannot("make " + ours.string(), error);
    const int error = write_file(ours / "cgroup.procs", "0");
    if (error != 0) return cannot("go into " + ours.string(), error);
  }
  if (auto done = hand_on_controllers(group); !done) return done.error();
  return scripts.string();
}

}  // namespace taskd
