#include "executors/script_groups.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "executors/child_report.hpp"
#include "executors/child_spawn.hpp"

namespace taskcore {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPlace = "/sys/fs/cgroup/";
constexpr std::string_view kPrefix = "taskcore-";

Error unusable(const std::string& group, const std::string& why) {
  return fail(Errc::invalid, "script_cgroup: '" + group + "' " + why);
}

/// Gives 0 or errno.
int write_file(const fs::path& file, const std::string& text) {
  const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  return fd && ::write(fd.get(), text.data(), text.size()) >= 0 ? 0 : errno;
}

bool lists_word(const fs::path& file, const std::string& word) {
  std::ifstream in(file);
  using Words = std::istream_iterator<std::string>;
  return std::find(Words(in), Words(), word) != Words();
}

Result<void> check_place(const std::string& group) {
  std::error_code bad;
  const std::string path = fs::canonical(group, bad).string();
  if (group.front() != '/' || (!bad && !path.starts_with(kPlace)))
    return unusable(group, "is no absolute path below /sys/fs/cgroup");
  if (bad) return unusable(group, "cannot be entered: " + bad.message());
  struct statfs system {};
  if (::statfs(path.c_str(), &system) != 0 || system.f_type != CGROUP2_SUPER_MAGIC)
    return unusable(group, "is no control group of version 2");
  return {};
}

Result<void> hand_on(const std::string& group, const std::string& controller) {
  if (!lists_word(fs::path(group) / "cgroup.controllers", controller)) return {};
  const fs::path handed_on = fs::path(group) / "cgroup.subtree_control";
  if (lists_word(handed_on, controller)) return {};
  const int error = write_file(handed_on, "+" + controller);
  if (error == EBUSY) return unusable(group, "holds processes: it must be one that nothing runs in");
  if (error != 0) return unusable(group, "cannot hand on '" + controller + "': " + std::strerror(error));
  return {};
}

/// Also the groups that a script has made in its own.
bool remove_groups(const fs::path& group) {
  std::error_code bad;
  for (fs::directory_iterator at(group, bad), end; !bad && at != end; at.increment(bad)) {
    std::error_code gone;
    if (at->is_directory(gone)) remove_groups(at->path());
  }
  return ::rmdir(group.c_str()) == 0 || errno == ENOENT;
}

/// Groups are named after the process that made them. The process is gone, but not all that it had in them may be.
bool is_of_dead_host(const std::string& name) {
  if (!name.starts_with(kPrefix)) return false;
  pid_t pid = 0;
  const auto [end, bad] = std::from_chars(name.data() + kPrefix.size(), name.data() + name.size(), pid);
  return bad == std::errc{} && *end == '-' && pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH;
}

Result<void> bound(const fs::path& file, std::optional<std::uint64_t>& limit) {
  if (!limit || ::access(file.c_str(), F_OK) != 0) return {};
  if (const int error = write_file(file, std::to_string(*limit)); error != 0)
    return fail(Errc::unavailable, "cannot write " + file.string() + ": " + std::strerror(error));
  limit.reset();
  return {};
}

}  // namespace

Result<void> ScriptGroups::open() {
  if (auto placed = check_place(parent_); !placed) return placed;
  for (const char* controller : {"memory", "pids"}) {
    if (auto done = hand_on(parent_, controller); !done) return done;
  }
  std::error_code bad;
  for (fs::directory_iterator at(parent_, bad), end; !bad && at != end; at.increment(bad)) {
    if (is_of_dead_host(at->path().filename().string())) remove_groups(at->path());
  }
  return enter_once();
}

/// The supervisor, which ends at once when it is told nothing, is run as a script in a group.
Result<void> ScriptGroups::enter_once() {
  const auto group = make();
  if (!group) return unusable(parent_, "takes no group below it: " + group.error().detail);
  ChildSpec spec;
  spec.command = supervisor_;
  spec.supervisor_path = supervisor_;
  spec.cgroup = *group;
  auto child = spawn_child(spec);
  std::optional<ChildExit> exit;
  if (child) {
    char line[512];
    const ssize_t size = ::recv(child->control.get(), line, sizeof line, 0);
    exit = parse_child_report({line, static_cast<std::size_t>(std::max<ssize_t>(size, 0))});
    abandon_child(*child);
  }
  remove(*group);
  if (!child) return unusable(parent_, "cannot be tried: " + child.error().detail);
  if (exit && exit->cgroup_failed)
    return unusable(parent_, std::string("takes no process: ") + std::strerror(exit->exec_errno));
  if (!exit || exit->exec_errno != 0) return unusable(parent_, "cannot be tried: the supervisor does not run");
  return {};
}

Result<std::string> ScriptGroups::make() {
  const std::lock_guard lock(mutex_);
  std::erase_if(left_, [](const std::string& group) { return remove_groups(group); });
  for (;;) {
    std::string group =
        parent_ + "/" + std::string(kPrefix) + std::to_string(::getpid()) + "-" + std::to_string(++made_);
    if (::mkdir(group.c_str(), 0755) == 0) return group;
    if (errno != EEXIST) return fail(Errc::unavailable, "cannot make '" + group + "': " + std::strerror(errno));
  }
}

void ScriptGroups::remove(const std::string& group) {
  write_file(fs::path(group) / "cgroup.kill", "1");
  if (remove_groups(group)) return;
  const std::lock_guard lock(mutex_);
  left_.push_back(group);
}

Result<void> bound_group(const std::string& group, ScriptLimits& limits) {
  const bool bounds_memory = limits.memory_bytes.has_value();
  if (auto memory = bound(fs::path(group) / "memory.max", limits.memory_bytes); !memory) return memory;
  // Else what does not fit would go to the disk. Not everywhere is there swap to be bounded.
  if (bounds_memory && !limits.memory_bytes) static_cast<void>(write_file(fs::path(group) / "memory.swap.max", "0"));
  return bound(fs::path(group) / "pids.max", limits.processes);
}

}  // namespace taskcore
