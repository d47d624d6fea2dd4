// Control groups of scripts, on a group of version 2 that this process may write to, where the machine has one; what
// the controllers would be told, on plain files.
#include "executors/script_groups.hpp"

#include <linux/magic.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iostream>

#include "script/world.hpp"

namespace taskcore::script_test {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool is_version_2(const fs::path& group) {
  struct statfs system {};
  return ::statfs(group.c_str(), &system) == 0 && system.f_type == CGROUP2_SUPER_MAGIC;
}

/// A group of this test's own, below the first that can be written to. Empty when there is none.
class Group {
 public:
  Group() {
    for (const char* place : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
      const fs::path path = fs::path(place) / ("taskcore-test-" + std::to_string(::getpid()));
      if (is_version_2(place) && ::mkdir(path.c_str(), 0755) == 0) {
        path_ = path;
        return;
      }
    }
    std::cout << "no control group of version 2 can be written to here: left out\n";
  }
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;
  ~Group() {
    if (!path_.empty()) ::rmdir(path_.c_str());
  }
  explicit operator bool() const { return !path_.empty(); }
  std::string path() const { return path_.string(); }

  std::vector<std::string> children() const {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(path_)) {
      if (entry.is_directory()) out.push_back(entry.path().string());
    }
    return out;
  }

  /// Whether there are none within some seconds.
  bool soon_empty() const {
    for (int i = 0; i < 1000 && !children().empty(); ++i) ::poll(nullptr, 0, 10);
    return children().empty();
  }

 private:
  fs::path path_{};
};

std::string start_error(const std::string& group) {
  Host host(HostOptions{.scheduler = with_supervisor({.script_cgroup = group})});
  const auto started = host.start();
  return started ? "none" : started.error().detail;
}

}  // namespace

TEST_CASE("a group that cannot be used stops the start with one line", "[script]") {
  CHECK(start_error("/tmp") == "script_cgroup: '/tmp' is no absolute path below /sys/fs/cgroup");
  CHECK(start_error("sys/fs/cgroup") == "script_cgroup: 'sys/fs/cgroup' is no absolute path below /sys/fs/cgroup");
  CHECK(start_error("/sys/fs/cgroup/../../../tmp").ends_with("is no absolute path below /sys/fs/cgroup"));
  CHECK(start_error("/sys/fs/cgroup/no-such-group").find("cannot be entered") != std::string::npos);
  for (const char* old : {"/sys/fs/cgroup/cpu", "/sys/fs/cgroup/memory"}) {
    if (fs::exists(old)) CHECK(start_error(old).ends_with("is no control group of version 2"));
  }
}

TEST_CASE("a group that takes no groups below it stops the start, and names the cause", "[script]") {
  const Group group;
  if (!group) return;
  std::ofstream(group.path() + "/cgroup.max.descendants") << "0";
  const std::string error = start_error(group.path());
  CHECK(error.find("takes no group below it") != std::string::npos);
  CHECK(error.find('\n') == std::string::npos);
}

TEST_CASE("each attempt has a group of its own, which is gone at the end", "[script]") {
  const Group group;
  if (!group) return;
  World world({.script_cgroup = group.path()});
  CHECK(group.children().empty());
  const auto own_group = [&](const Run& run) { return world.output(run).at(0); };
  const Run one = world.run(shell("grep ^0:: /proc/self/cgroup"));
  const Run two = world.run(shell("sh -c 'setsid grep ^0:: /proc/self/cgroup'"));
  CHECK(own_group(one).find(fs::path(group.path()).filename().string() + "/taskcore-") != std::string::npos);
  CHECK(own_group(two).find(fs::path(group.path()).filename().string() + "/taskcore-") != std::string::npos);
  CHECK(own_group(one) != own_group(two));
  CHECK(group.children().empty());
  CHECK(world.run(script({.command = "/no/such/program"})).error->code == "exec_failed");
  CHECK(group.children().empty());
}

TEST_CASE("a timeout kills all that is in the group, and what the script made below it goes too", "[script]") {
  const Group group;
  if (!group) return;
  World world({.script_cgroup = group.path()});
  TaskSpec spec{.id = "stubborn", .name = "", .max_retries = 0};
  // A group below its own with a process in it, and processes that make others without end.
  spec.config = shell("trap '' TERM; own=" + group.path() +
                      "/$(sed -n 's|^0::.*/||p' /proc/self/cgroup); mkdir $own/below; "
                      "(echo 0 > $own/below/cgroup.procs; setsid sleep 1000) & "
                      "while :; do (setsid sleep 1000 &); done");
  spec.timeout = std::chrono::milliseconds(500);
  spec.kill_grace = Duration(0);
  const Run run = world.run(spec);
  CHECK(run.attempts.at(0).status == AttemptStatus::timed_out);
  CHECK(group.children().empty());
}

TEST_CASE("the host's death leaves no group", "[script]") {
  const Group group;
  if (!group) return;
  const TempDir dir;
  const std::string fifo = dir.path() / "runs";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  const pid_t host = ::fork();
  if (host == 0) {
    World world({.script_cgroup = group.path()});
    world.run(
        {.id = "endless", .name = "", .config = shell("echo > " + fifo + "; sleep 1000"), .kill_grace = Duration(0)});
    ::_exit(0);
  }
  std::string line;
  std::ifstream runs(fifo);
  std::getline(runs, line);
  CHECK(group.children().size() == 1);
  ::kill(host, SIGKILL);
  REQUIRE(::waitpid(host, nullptr, 0) == host);
  CHECK(group.soon_empty());
}

TEST_CASE("a supervisor's death leaves neither group nor process", "[script]") {
  const Group group;
  if (!group) return;
  World world({.script_cgroup = group.path()});
  const Run run = world.run(shell("(setsid sleep 1000 &); kill -9 $PPID; sleep 1000"));
  CHECK(run.error->code == "process_lost");
  // What was still dying in its group is removed with the next ones.
  for (int i = 0; i < 20 && !group.children().empty(); ++i) world.run(script({.command = "true"}));
  CHECK(group.children().empty());
}

TEST_CASE("groups of a host that is gone are removed by the next", "[script]") {
  const Group group;
  if (!group) return;
  const pid_t dead = ::fork();
  if (dead == 0) ::_exit(0);
  ::waitpid(dead, nullptr, 0);
  for (const std::string& name : {"taskcore-" + std::to_string(dead) + "-1",
                                  "taskcore-" + std::to_string(::getpid()) + "-9", std::string("other")})
    REQUIRE(::mkdir((group.path() + "/" + name).c_str(), 0755) == 0);
  { const World world({.script_cgroup = group.path()}); }
  CHECK(group.children().size() == 2);
  for (const std::string& child : group.children()) ::rmdir(child.c_str());
}

TEST_CASE("controllers are told the limits, which then bound nothing else", "[script]") {
  const TempDir dir;
  std::ofstream(dir.path() / "memory.max");
  std::ofstream(dir.path() / "pids.max");
  ScriptLimits limits{.cpu_seconds = 5, .memory_bytes = 1 << 20, .processes = 7};
  REQUIRE(bound_group(dir.path().string(), limits).has_value());
  CHECK(read_file(dir.path() / "memory.max") == "1048576");
  CHECK(read_file(dir.path() / "pids.max") == "7");
  CHECK(limits.cpu_seconds == 5);
  CHECK_FALSE(limits.memory_bytes);
  CHECK_FALSE(limits.processes);
  fs::remove(dir.path() / "pids.max");
  limits.processes = 8;
  REQUIRE(bound_group(dir.path().string(), limits).has_value());
  CHECK(limits.processes == 8);  // no controller: the limit of processes has to do
}

}  // namespace taskcore::script_test
