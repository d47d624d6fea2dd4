// A control group that was left to taskd: where the server goes in it, and where its scripts do. On a group of version
// 2 that this process may write to, where the machine has one; else on plain files.
#include "delegated_group.hpp"

#include <linux/magic.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <iostream>

#include "http/taskd_process.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;
namespace fs = std::filesystem;

namespace {

std::string read_file(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// As a service manager makes one, and starts the server in it.
class Group {
 public:
  Group() {
    for (const char* place : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
      struct statfs system {};
      const fs::path path = fs::path(place) / ("taskd-test-" + std::to_string(::getpid()));
      if (::statfs(place, &system) != 0 || system.f_type != CGROUP2_SUPER_MAGIC) continue;
      if (::mkdir(path.c_str(), 0755) != 0) continue;
      path_ = path;
      before_ = fs::path(place) / own_group().substr(1) / "cgroup.procs";
      return;
    }
    std::cout << "no control group of version 2 can be written to here: left out\n";
  }
  ~Group() {
    if (path_.empty()) return;
    leave();
    for (const char* below : {"/scripts", "/taskd", ""}) ::rmdir((path_.string() + below).c_str());
  }
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  explicit operator bool() const { return !path_.empty(); }
  const fs::path& path() const { return path_; }

  /// This process, and so those that it starts.
  void enter() const { std::ofstream(path_ / "cgroup.procs") << "0"; }
  void leave() const { std::ofstream(before_) << "0"; }

  /// "/PATH" of a process.
  static std::string own_group(const std::string& pid = "self") {
    std::ifstream in("/proc/" + pid + "/cgroup");
    for (std::string line; std::getline(in, line);) {
      if (line.starts_with("0::")) return line.substr(3);
    }
    return "/";
  }

 private:
  fs::path path_{};
  fs::path before_{};
};

}  // namespace

TEST_CASE("the server goes into a group below, and its scripts into others beside it", "[systemd]") {
  const Group group;
  if (!group) return;
  TempDir dir;
  for (int start = 0; start < 2; ++start) {  // the second finds the groups of the first
    group.enter();
    TaskdProcess taskd(dir.path(), {{"TASK_SCRIPT_CGROUP", "delegated"}});
    group.leave();
    const std::string task =
        R"({"name":"T","type":"script","config":{"shell":true,"command":"echo \"\\\"$(grep ^0:: /proc/self/cgroup)\\\"\""}})";
    const auto made = boost::json::parse(taskd.call("POST", "/api/tasks", task).body);
    const std::string id(made.at("id").as_string());
    const auto run = boost::json::parse(taskd.call("POST", "/api/tasks/" + id + "/execute").body);
    const std::string name = group.path().filename().string();
    CHECK(Group::own_group(std::to_string(taskd.pid())).ends_with("/" + name + "/taskd"));
    INFO(boost::json::serialize(run));
    CHECK(std::string(run.at("result").as_string()).find("/" + name + "/scripts/taskcore-") != std::string::npos);
    CHECK(read_file(group.path() / "cgroup.procs").empty());
    taskd.signal(SIGTERM);
    CHECK(taskd.exit_code() == 0);
  }
}

TEST_CASE("controllers of a delegated group are handed on", "[systemd]") {
  TempDir dir;
  const fs::path group = dir.path() / "taskd.service";
  fs::create_directories(group / "taskd");
  std::ofstream(group / "taskd/cgroup.procs").flush();
  std::ofstream(group / "cgroup.subtree_control").flush();
  std::ofstream(group / "cgroup.controllers") << "cpuset cpu memory\n";
  CHECK(split_delegated_group(group / "").value() == (group / "scripts").string());
  CHECK(read_file(group / "taskd/cgroup.procs") == "0");
  CHECK(read_file(group / "cgroup.subtree_control") == "+memory");
  CHECK(fs::is_directory(group / "scripts"));

  // Where the manager has put the server in its place already, it stays there.
  std::ofstream(group / "taskd/cgroup.procs").flush();
  CHECK(split_delegated_group(group / "taskd").value() == (group / "scripts").string());
  CHECK(read_file(group / "taskd/cgroup.procs").empty());
}

TEST_CASE("a group that was not delegated stops the start with one line", "[systemd]") {
  TempDir dir;
  const auto none = split_delegated_group(dir.path() / "none");
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().code == taskcore::Errc::invalid);
  CHECK(none.error().detail.starts_with("TASK_SCRIPT_CGROUP: cannot make "));
  CHECK(none.error().detail.ends_with("has the unit Delegate=yes?"));
  CHECK(none.error().detail.find('\n') == std::string::npos);
}
