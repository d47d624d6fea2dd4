// Secrets in a task's configuration: seen by the attempt, and by nobody else.
#include <boost/json/serialize.hpp>

#include "unit/engine/world.hpp"

namespace taskcore::engine_test {

TEST_CASE("an attempt reads the secret; the task, the log, the result and the error do not show it") {
  std::string secret = "hush-hush";
  Options options;
  options.secrets = [&](std::string_view name) { return name == "KEY" ? std::optional(secret) : std::nullopt; };
  World world(either_kind(), options);
  std::string seen;
  world->function("tell", [&](RunContext& run, const boost::json::value& params) -> Result<boost::json::value> {
    seen = params.at("key").as_string();
    run.log(LogLevel::info, "the key is " + seen, {{"key", seen}});
    if (run.attempt() == 1) throw std::runtime_error("refused: " + seen);
    return boost::json::value{{"key", seen}};
  });
  world->create({.id = "t", .name = "t", .config = call("tell", {{"key", "${secret.KEY}"}}), .schedule = "now"})
      .value();
  world.advance(1h);
  CHECK(seen == secret);
  CHECK(world->get("t")->config.values.at("params").at("key") == "${secret.KEY}");
  const Run run = world.last_run("t");
  CHECK(run.status == Status::completed);
  CHECK(run.result == boost::json::value{{"key", "***"}});
  CHECK(run.attempts.at(0).error->message == "refused: ***");
  for (const LogEntry& line : world.logs("t")) {
    CHECK(line.message.find(secret) == std::string::npos);
    CHECK(boost::json::serialize(line.data).find(secret) == std::string::npos);
  }
}

}  // namespace taskcore::engine_test
