// A control group that was left to taskd: where the server goes in it, and where its scripts do. On a group of version
// 2 that this process may write to, where the machine has one; else on plain files.
#include "delegated_group.hpp"

#include <linux/magic.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

#include "http/client_process.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

using namespace taskd;
using namespace taskd::testing;
using test_support::TempDir;
namespace fs = std::filesystem;

namespace {

std::string read_file(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// "/PATH" of a process.
std::string group_of(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/cgroup");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("0::")) return line.substr(3);
  }
  return {};
}

/// As a service manager makes one.
class Group {
 public:
  Group() {
    for (const char* place : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
      struct statfs system {};
      const fs::path path = fs::path(place) / ("taskd-test-" + std::to_string(::getpid()));
      if (::statfs(place, &system) != 0 || system.f_type != CGROUP2_SUPER_MAGIC) continue;
      if (::mkdir(path.c_str(), 0755) != 0) continue;
      path_ = path;
      return;
    }
    std::cout << "no control group of version 2 can be written to here: left out\n";
  }
  ~Group() {
    if (path_.empty()) return;
    prune();
    ::rmdir(path_.c_str());
  }
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  explicit operator bool() const { return !path_.empty(); }
  const fs::path& path() const { return path_; }

  /// As a service manager does it between two starts: nothing can go into a group that hands controllers on.
  void prune() const {
    for (const char* below : {"scripts", "taskd"}) ::rmdir((path_ / below).c_str());
    std::istringstream controllers(read_file(path_ / "cgroup.subtree_control"));
    for (std::string one; controllers >> one;) std::ofstream(path_ / "cgroup.subtree_control") << "-" + one;
  }

 private:
  fs::path path_{};
};

/// The server, in a group from its first instant on: a shell goes there, and becomes it.
class ServerInGroup {
 public:
  ServerInGroup(const fs::path& group, const fs::path& data)
      : out_(::popen(("exec 2>&1; echo 0 >'" + (group / "cgroup.procs").string() +
                      "' && echo pid $$ && exec env -i PATH=\"$PATH\" TASK_SCRIPT_CGROUP=delegated '" TASKD_PATH
                      "' serve --listen 127.0.0.1:0 --data-dir '" +
                      data.string() + "'")
                         .c_str(),
                     "re")) {
    pid_ = std::stoi(read_behind("pid "));
    url_ = "http://127.0.0.1:" + std::to_string(std::stoi(read_behind("listens on http://127.0.0.1:")));
  }
  ~ServerInGroup() {
    if (out_ == nullptr) return;
    ::kill(pid_, SIGKILL);
    ::pclose(out_);
  }
  ServerInGroup(const ServerInGroup&) = delete;
  ServerInGroup& operator=(const ServerInGroup&) = delete;

  pid_t pid() const { return pid_; }
  const std::string& url() const { return url_; }

  /// As waitpid has it.
  int stop() {
    ::kill(pid_, SIGTERM);
    while (!next_line().empty()) {
    }
    return ::pclose(std::exchange(out_, nullptr));
  }

 private:
  /// Empty at the end.
  std::string next_line() {
    char line[4096];
    return out_ != nullptr && std::fgets(line, sizeof line, out_) != nullptr ? line : "";
  }

  /// What stands behind `key` in the first line that has it.
  std::string read_behind(const std::string& key) {
    std::string all;
    for (std::string line; !(line = next_line()).empty(); all += line) {
      if (const auto at = line.find(key); at != std::string::npos) return line.substr(at + key.size());
    }
    if (out_ != nullptr) ::pclose(out_);
    throw std::runtime_error("taskd was not started in its group: " + all);
  }

  FILE* out_;
  pid_t pid_ = -1;
  std::string url_{};
};

}  // namespace

TEST_CASE("the server goes into a group below, and its scripts into others beside it", "[systemd]") {
  const Group group;
  if (!group) return;
  TempDir dir;
  const std::string name = group.path().filename().string();
  for (int start = 0; start < 2; ++start) {
    ServerInGroup taskd(group.path(), dir.path());
    const auto token =
        ClientProcess({"token", "--data-dir", dir.path().string(), "--sub", "root", "--role", "admin"}, {}).finish();
    const std::map<std::string, std::string> environment{{"TASK_URL", taskd.url()},
                                                         {"TASK_TOKEN", token.out.substr(0, token.out.find('\n'))}};
    const std::string task =
        R"({"id":"t","name":"T","type":"script","config":{"shell":true,"command":"echo \"\\\"$(grep ^0:: /proc/self/cgroup)\\\"\""}})";
    REQUIRE(ClientProcess({"apply", "-"}, environment, task).finish().code == 0);
    const auto run = ClientProcess({"run", "t", "--wait"}, environment).finish();
    INFO(run.out << run.err);
    CHECK(run.out.find("/" + name + "/scripts/taskcore-") != std::string::npos);
    CHECK(group_of(taskd.pid()).ends_with("/" + name + "/taskd"));
    CHECK(read_file(group.path() / "cgroup.procs").empty());
    CHECK(taskd.stop() == 0);
    group.prune();
    CHECK(!fs::exists(group.path() / "scripts"));
  }
}

TEST_CASE("controllers of a delegated group are handed on", "[systemd]") {
  TempDir dir;
  const fs::path group = dir.path() / "taskd.service";
  fs::create_directories(group / "taskd");
  std::ofstream(group / "taskd/cgroup.procs").flush();
  std::ofstream(group / "cgroup.subtree_control").flush();
  std::ofstream(group / "cgroup.controllers") << "cpuset cpu memory\n";
  CHECK(split_delegated_group(group / "", dir.path()).value() == (group / "scripts").string());
  CHECK(read_file(group / "taskd/cgroup.procs") == "0");
  CHECK(read_file(group / "cgroup.subtree_control") == "+memory");
  CHECK(fs::is_directory(group / "scripts"));

  // Where the manager has put the server in its place already, it stays there.
  std::ofstream(group / "taskd/cgroup.procs").flush();
  CHECK(split_delegated_group(group / "taskd", dir.path()).value() == (group / "scripts").string());
  CHECK(read_file(group / "taskd/cgroup.procs").empty());
}

TEST_CASE("a group that was not delegated stops the start with one line", "[systemd]") {
  TempDir dir;
  const auto none = split_delegated_group(dir.path() / "none", dir.path());
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().code == taskcore::Errc::invalid);
  CHECK(none.error().detail.starts_with("TASK_SCRIPT_CGROUP: cannot make "));
  CHECK(none.error().detail.ends_with("has the unit Delegate=yes?"));
  CHECK(none.error().detail.find('\n') == std::string::npos);
}

TEST_CASE("a group of the server's name below the root is one like others", "[systemd]") {
  TempDir dir;
  const fs::path group = dir.path() / "taskd";
  fs::create_directories(group / "taskd");
  std::ofstream(group / "taskd/cgroup.procs").flush();
  CHECK(split_delegated_group(group, dir.path()).value() == (group / "scripts").string());
  CHECK(read_file(group / "taskd/cgroup.procs") == "0");
  CHECK(!fs::exists(dir.path() / "scripts"));
}

TEST_CASE("a group that holds other processes, too, is left as it is", "[systemd]") {
  TempDir dir;
  const fs::path group = dir.path() / "taskd.service";
  fs::create_directories(group / "taskd");
  std::ofstream(group / "cgroup.procs") << ::getpid() << "\n1\n";
  for (const fs::path& own : {group, group / "taskd"}) {
    const auto split = split_delegated_group(own, dir.path());
    REQUIRE_FALSE(split.has_value());
    CHECK(split.error().detail == "TASK_SCRIPT_CGROUP: other processes than taskd are in " + group.string());
  }
  CHECK(!fs::exists(group / "scripts"));
  std::ofstream(group / "cgroup.procs") << ::getpid() << "\n";
  std::ofstream(group / "taskd/cgroup.procs").flush();
  CHECK(split_delegated_group(group, dir.path()).has_value());
}
