// Values of params and dependencies in the configuration of a script.
#include <algorithm>

#include "script/world.hpp"

namespace taskcore::script_test {

TEST_CASE("arguments and variables take values of any plain type as text", "[script]") {
  World world;
  world->create({.id = "up", .name = "up", .config = shell("echo '{\"rows\":3,\"part\":0.5}'")}).value();
  world->wait(world->execute("up").value().id).value();
  TaskSpec spec{
      .id = "job", .name = "", .config = config_of(R"({"command": "sh", "args": ["-c", "echo $0 $1; cat; echo; env",
      "${dependencies.up.result.rows}", "${params.yes}"], "env": {"PART": "${dependencies.up.result.part}",
      "ALL": "is ${params}"}, "stdin": "${params}"})")};
  spec.dependencies = {"up"};
  const Lines lines = world.output(world.run(spec, {{"yes", true}}));
  REQUIRE(lines.size() > 2);
  CHECK(lines[0] == "3 true");
  CHECK(lines[1] == R"({"yes":true})");
  CHECK(std::count(lines.begin(), lines.end(), "PART=0.5") == 1);
  CHECK(std::count(lines.begin(), lines.end(), R"(ALL=is {"yes":true})") == 1);
}

TEST_CASE("what a shell is to run takes values through its environment", "[script]") {
  World world;
  const auto refused =
      world->create({.id = "bad", .name = "bad", .config = script({.command = "echo ${params.x}", .shell = true})});
  REQUIRE(refused.has_error());
  CHECK(refused.error().fields.at(0).pointer == "/config/command");
  CHECK(refused.error().detail.find("env") != std::string::npos);
  const Run run = world.run(script({.command = "echo \"$X\"", .env = {{"X", "${params.x}"}}, .shell = true}),
                            {{"x", "a; echo b $(echo c)"}});
  CHECK(world.output(run) == Lines{"a; echo b $(echo c)"});
}

TEST_CASE("a value that no script can take ends the run before it begins", "[script]") {
  World world;
  const Run run = world.run(config_of(R"({"command": "true", "env": {"X": "${params.x}"}})"),
                            boost::json::parse(R"({"x": ["a"]})"));
  CHECK(run.status == Status::failed);
  CHECK(run.error->code == "invalid_config");
  CHECK(run.error->message.find("/config/env/X") != std::string::npos);
}

}  // namespace taskcore::script_test
