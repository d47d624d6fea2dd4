// The list of programs that scripts may run: asked when a task is stored, and again when it runs.
#include <fstream>

#include "script/world.hpp"

namespace taskcore::script_test {
namespace {

std::string refused_field(World& world, const Script& what) {
  const auto made = world->create({.id = "x", .name = "x", .config = script(what)});
  if (made) world->remove("x").value();
  return made ? "none" : made.error().fields.at(0).pointer;
}

}  // namespace

TEST_CASE("without a list any program may be named", "[script]") {
  World world;
  CHECK(refused_field(world, {.command = "/no/such/program"}) == "none");
}

TEST_CASE("a name allows that name, a path that file", "[script]") {
  const TempDir dir;
  std::filesystem::create_directory_symlink("/bin", dir.path() / "bin");
  std::filesystem::create_symlink("/bin/true", dir.path() / "other");
  World world({.script_directory = dir.path().string(), .script_programs = {"echo", "/bin/true"}});
  CHECK(world.output(world.run(script({.command = "echo", .args = {"hello"}}))) == Lines{"hello"});
  CHECK(world.run(script({.command = "/bin/true"})).status == Status::completed);
  for (const std::string& same : Lines{"/bin/../bin/true", "bin/true", dir.path() / "bin/true"})
    CHECK(world.run(script({.command = same})).status == Status::completed);
  for (const std::string& command : Lines{"true", "/bin/echo", "./echo", "printf", "/bin/sh", "echo ", "/bin/true/",
                                          "other", dir.path() / "other"}) {
    INFO(command);
    CHECK(refused_field(world, {.command = command}) == "/config/command");
  }
  const auto refused = world->create({.id = "x", .name = "x", .config = script({.command = "rm"})});
  CHECK(refused.error().code == Errc::invalid);
  CHECK(refused.error().detail ==
        "/config/command: 'rm' is not among the programs that scripts may run: 'echo', '/bin/true'");
}

TEST_CASE("a shell needs sh on the list", "[script]") {
  World without({.script_programs = {"echo"}});
  CHECK(refused_field(without, {.command = "echo", .shell = true}) == "/config/shell");
  for (const char* sh : {"sh", "/bin/sh"}) {
    World with({.script_programs = {sh}});
    CHECK(with.output(with.run(shell("printf done"))) == Lines{"done"});
  }
}

TEST_CASE("a task of before the list is asked again when it runs", "[script]") {
  const auto database = make_memory_database();
  {
    World world({}, memory(database));
    world->create({.id = "old", .name = "old", .config = script({.command = "true"})}).value();
    CHECK(world->wait(world->execute("old").value().id).value().status == Status::completed);
  }
  World world({.script_programs = {"echo"}}, memory(database));
  const Run run = world->wait(world->execute("old").value().id).value();
  CHECK(run.attempts.size() == 1);
  CHECK(run.error->code == "program_refused");
}

TEST_CASE("a link that is bent after the check does not run another program", "[script]") {
  const TempDir dir;
  const auto script_file = dir.path() / "listed" / "job";
  std::filesystem::create_directories(script_file.parent_path());
  std::filesystem::create_directory_symlink(script_file.parent_path(), dir.path() / "link");
  std::ofstream(script_file) << "#!/bin/sh\necho \"$0\"\n";
  std::filesystem::permissions(script_file, std::filesystem::perms::owner_all);
  World world({.script_programs = {script_file.string()}});
  // What runs is the list's own path, whatever the way that the task names.
  CHECK(world.output(world.run(script({.command = dir.path() / "link" / "job"}))) == Lines{script_file.string()});
}

TEST_CASE("a list that cannot be meant stops the start", "[script]") {
  Host host(HostOptions{.scheduler = with_supervisor({.script_programs = {"make", "bin/sh"}})});
  const auto started = host.start();
  REQUIRE(started.has_error());
  CHECK(started.error().detail == "script_programs: 'bin/sh' is neither a name nor an absolute path");
}

}  // namespace taskcore::script_test
