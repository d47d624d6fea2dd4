// Limits of scripts, as their processes meet them.
#include <unistd.h>

#include <algorithm>

#include "script/world.hpp"

namespace taskcore::script_test {

TEST_CASE("all limits reach the script", "[script]") {
  World world;
  const Run run = world.run(config_of(R"({"command": "cat", "args": ["/proc/self/limits"], "limits":
      {"cpuSeconds": 33, "memoryBytes": 536870912, "openFiles": 64, "processes": 4321, "fileBytes": 1048576}})"));
  std::map<std::string, std::string> seen;
  for (const std::string& line : world.output(run)) {
    const std::string name = line.substr(0, line.find("  "));
    const std::size_t from = line.find_first_not_of(' ', name.size());
    seen[name] = line.substr(from, line.find(' ', from) - from);
  }
  CHECK(seen["Max cpu time"] == "33");
  CHECK(seen["Max address space"] == "536870912");
  CHECK(seen["Max open files"] == "64");
  CHECK(seen["Max processes"] == "4321");
  CHECK(seen["Max file size"] == "1048576");
}

TEST_CASE("a file that grows too large ends the script", "[script]") {
  const TempDir dir;
  World world({.script_directory = dir.path().string()});
  const Run run = world.run(
      config_of(R"({"command": "head", "args": ["-c", "100000", "/dev/zero"], "limits": {"fileBytes": 4096}})"));
  CHECK(run.status == Status::completed);  // a pipe is no file
  const Run large = world.run(config_of(
      R"({"command": "dd", "args": ["if=/dev/zero", "of=large", "bs=10000", "count=1"], "limits": {"fileBytes": 4096}})"));
  CHECK(large.status == Status::failed);
  CHECK(std::filesystem::file_size(dir.path() / "large") <= 4096);
}

TEST_CASE("a user's processes are bounded, root's are not", "[script]") {
  World world;
  const std::string two = "/bin/true & wait $! && echo two";
  const auto limited = [&](TaskConfig config) {
    config.values["limits"] = {{"processes", 1}};
    return config;
  };
  if (::geteuid() != 0) {
    CHECK(world.run(limited(shell(two))).status == Status::failed);
  } else {
    CHECK(world.output(world.run(limited(shell(two)))) == Lines{"two"});
    // A user of whom nothing else runs here.
    Script other{.command = "setpriv", .args = {"--reuid", "54321", "--clear-groups", "/bin/sh", "-c", two}};
    CHECK(world.run(script(other)).status == Status::completed);
    CHECK(world.run(limited(script(other))).status == Status::failed);
  }
}

TEST_CASE("limits that make no sense are refused by their names", "[script]") {
  World world;
  const auto refused = world->create({.id = "x", .name = "x", .config = config_of(R"({"command": "true", "limits":
      {"processes": 0, "fileBytes": "1", "openFiles": 7, "threads": 2}})")});
  REQUIRE(refused.has_error());
  Lines pointers;
  for (const FieldError& field : refused.error().fields) pointers.push_back(field.pointer);
  std::sort(pointers.begin(), pointers.end());
  CHECK(pointers == Lines{"/config/limits/fileBytes", "/config/limits/openFiles", "/config/limits/processes",
                          "/config/limits/threads"});
}

}  // namespace taskcore::script_test
