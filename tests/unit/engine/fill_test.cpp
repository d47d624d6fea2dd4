// What placeholders bring into a task's configuration: params, results of dependencies, and secrets, which nobody but
// the attempt sees.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

namespace json = boost::json;

/// A task "up" whose result is what it is told, and "down", which depends on it and keeps the params that it is called
/// with.
class Flow {
 public:
  explicit Flow(json::object params, Options options = {}) : world_(either_kind(), std::move(options)) {
    world_->function("look", [this](RunContext&, const json::value& seen) { seen_.push_back(seen); });
    world_->create({.id = "up", .name = "up", .config = call("note")}).value();
    world_->create({.id = "down", .name = "down", .config = call("look", std::move(params)), .dependencies = {"up"}})
        .value();
  }

  World& world() { return world_; }
  const std::vector<json::value>& seen() const { return seen_; }
  std::string up(const json::value& result) {
    const std::string run = world_->execute("up", result).value().id;
    world_.settle();
    return run;
  }
  Run down(const json::value& params = nullptr) {
    world_->execute("down", params).value();
    world_.settle();
    return world_.last_run("down");
  }

 private:
  World world_;
  std::vector<json::value> seen_{};
};

}  // namespace

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

TEST_CASE("results of dependencies and params come into the configuration, with their types") {
  Flow flow({{"rows", "${dependencies.up.result.rows}"},
             {"by", "${dependencies.up.runId}"},
             {"text", "${params.who} got ${dependencies.up.result.rows}"}});
  const std::string run = flow.up({{"rows", {1, 2}}});
  CHECK(flow.down({{"who", "bob"}}).status == Status::completed);
  REQUIRE(flow.seen().size() == 1);
  CHECK(flow.seen()[0] == json::value{{"rows", {1, 2}}, {"by", run}, {"text", "bob got [1,2]"}});
  CHECK(flow.world().task("down").config.values.at("params").at("by") == "${dependencies.up.runId}");

  flow.up({{"rows", 5}});  // each attempt asks anew
  flow.down({{"who", "eve"}});
  CHECK(flow.seen().back().at("text") == "eve got 5");
}

TEST_CASE("a run's params take the place of the configuration's, unless these ask for them") {
  Flow flow({{"rows", "${dependencies.up.result}"}});
  flow.up(3);
  flow.down();
  flow.down({{"own", 1}});
  REQUIRE(flow.seen().size() == 2);
  CHECK(flow.seen()[0] == json::value{{"rows", 3}});
  CHECK(flow.seen()[1] == json::value{{"own", 1}});
}

TEST_CASE("a function gets the run's params when another part of the configuration asks for some") {
  World world(either_kind());
  std::vector<json::value> seen;
  world->function("look", [&](RunContext&, const json::value& params) { seen.push_back(params); });
  world->create({.id = "t", .name = "t", .config = call("${params.f}", {{"own", 1}})}).value();
  const json::value params{{"f", "look"}, {"x", 2}};
  world->execute("t", params).value();
  world.settle();
  CHECK(seen == std::vector<json::value>{params});
}

TEST_CASE("params that are the run's as a whole are an empty object for a run without any") {
  World world(either_kind());
  std::vector<json::value> seen;
  world->function("look", [&](RunContext&, const json::value& params) { seen.push_back(params); });
  TaskConfig config = call("look");
  config.values["params"] = "${params}";
  world->create({.id = "t", .name = "t", .config = std::move(config)}).value();
  for (const json::value& params : {json::value(nullptr), json::value{{"x", 2}}}) {
    world->execute("t", params).value();
    world.settle();
  }
  REQUIRE(seen.size() == 2);
  CHECK(seen[0] == json::object{});
  CHECK(seen[1] == json::value{{"x", 2}});
}

TEST_CASE("a missing value ends the run at once, and says what is there instead") {
  Flow flow({{"text", "${dependencies.up.result.x}${params.who}"}});
  flow.up({{"rows", 1}});
  const Run run = flow.down({{"who", "bob"}});
  CHECK(run.status == Status::failed);
  CHECK(run.attempts.size() == 1);
  CHECK(run.error->code == "missing_value");
  CHECK_FALSE(run.error->retryable);
  CHECK(run.error->message ==
        "/config/params/text: \"${dependencies.up.result.x}\" is missing: dependencies.up.result has \"rows\"");
  CHECK(run.error->data == json::value{{"pointer", "/config/params/text"}});
  flow.up({{"x", 1}});
  CHECK(flow.down().error->message == "/config/params/text: \"${params.who}\" is missing: params is null");
  CHECK(flow.seen().empty());
}

TEST_CASE("what others wrote stays text: neither secrets nor params come out of it") {
  Options options;
  options.secrets = [](std::string_view) { return std::optional<std::string>("hush-hush"); };
  Flow flow({{"text", "${dependencies.up.result}"}, {"own", "${secret.A}"}, {"who", "${params.who}"}}, options);
  flow.up("${secret.A} ${params.who} $${secret.A}");
  flow.down({{"who", "${secret.A}"}});
  REQUIRE(flow.seen().size() == 1);
  CHECK(flow.seen()[0].at("text") == "${secret.A} ${params.who} $${secret.A}");
  CHECK(flow.seen()[0].at("who") == "${secret.A}");
  CHECK(flow.seen()[0].at("own") == "hush-hush");
}

TEST_CASE("a configuration that grows too large ends the run") {
  json::array many;
  for (int i = 0; i < 5; ++i) many.emplace_back("${dependencies.up.result}");
  Flow flow({{"many", std::move(many)}});
  flow.up(json::value(std::string(250'000, 'x')));
  const Run run = flow.down();
  CHECK(run.status == Status::failed);
  CHECK(run.attempts.size() == 1);
  CHECK(run.error->code == "config_too_large");
  CHECK(flow.seen().empty());
}

TEST_CASE("the executor is asked again about what was filled in") {
  Options options;
  options.secrets = [](std::string_view) { return std::optional<std::string>("hush-hush"); };
  World world(either_kind(), options);
  world->create({.id = "any", .name = "any", .config = call("${params.f}")}).value();
  world->create({.id = "hidden", .name = "hidden", .config = call("${secret.A}${params.f}")}).value();
  const auto end = [&](const std::string& id, const char* function) {
    world->execute(id, {{"f", function}}).value();
    world.settle();
    return world.last_run(id);
  };
  CHECK(end("any", "note").status == Status::completed);
  const Run run = end("any", "nothing");
  CHECK(run.error->code == "invalid_config");
  CHECK(run.error->message.find("/config/function: there is no function 'nothing'") != std::string::npos);
  CHECK(run.error->data == json::value{{"pointer", "/config/function"}});
  CHECK(run.attempts.size() == 1);
  CHECK(end("hidden", "x").error->message.find("there is no function '***x'") != std::string::npos);
}

TEST_CASE("placeholders that can never be filled are refused when the task is stored") {
  Flow flow({{"x", "${dependencies.up.result}"}});
  World& world = flow.world();
  const auto refusal = [&](const char* text) {
    const auto made =
        world->create({.id = "t", .name = "t", .config = call("note", {{"x", text}}), .dependencies = {"up"}});
    REQUIRE(made.has_error());
    CHECK(made.error().code == Errc::invalid);
    return made.error().fields.at(0).pointer;
  };
  for (const char* text :
       {"${dependencies.other.result}", "${dependencies.up}", "${params.", "${params..a}", "${secrets.A}"})
    CHECK(refusal(text) == "/config/params/x");
  world->create({.id = "shell", .name = "s", .config = call("note", {{"x", "${HOME} $${params."}})}).value();
  const auto edited = world->update("down", [](const Task&, TaskSpec& spec) -> Result<void> {
    spec.dependencies.clear();
    return {};
  });
  CHECK(edited.error().fields.at(0).pointer == "/config/params/x");
  Notification call_params{.on = NotifyOn::failure, .call = call("note", {{"x", "${params.x}"}})};
  const auto told = world->create({.id = "t", .name = "t", .notify = {std::move(call_params)}});
  CHECK(told.error().fields.at(0).pointer == "/notify/onFailure/config/params/x");
}

TEST_CASE("a task that lost a dependency by force fails, and can be paused and mended") {
  Flow flow({{"x", "${dependencies.up.result}"}});
  flow.up(1);
  World& world = flow.world();
  world->remove("up", {.force = true}).value();
  CHECK(flow.down().error->code == "missing_value");
  CHECK(world->pause("down").value().paused);
  world
      ->update("down",
               [](const Task&, TaskSpec& spec) -> Result<void> {
                 spec.config = call("look", {{"x", 2}});
                 return {};
               })
      .value();
  CHECK(flow.down().status == Status::completed);
}

}  // namespace taskcore::engine_test
