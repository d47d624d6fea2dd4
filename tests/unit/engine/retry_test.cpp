// Retries at their exact instants, timeouts, abandoned attempts, and who goes first under few slots.
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

/// An executor whose start throws.
class Broken final : public Executor {
 public:
  std::string_view type() const noexcept override { return "broken"; }
  Result<void> validate(const boost::json::object&) const override { return {}; }
  void start(std::shared_ptr<RunContext>, RunCompletion) override { throw std::runtime_error("cannot even start"); }
};

}  // namespace

TEST_CASE("without jitter retries come at exact instants, and the last error stays") {
  World world(either_kind());
  world
      ->create({.id = "job",
                .name = "job",
                .config = call("fail"),
                .max_retries = 3,
                .retry = {.initial_delay = 1s, .multiplier = 3.0, .max_delay = 5s, .jitter = Jitter::none}})
      .value();
  const std::string id = world->execute("job").value().id;
  world.settle();
  Run run = world.run(id);
  CHECK(run.status == Status::pending);
  CHECK(run.retry_at == world.start() + 1s);
  CHECK(run.error->message == "told to fail");
  world.advance(1h);
  CHECK(world.times("job") == Times{0s, 1s, 4s, 9s});
  run = world.run(id);
  CHECK(run.status == Status::failed);
  CHECK(run.attempts.size() == 4);
  CHECK(run.finished_at == world.start() + 9s);
  CHECK_FALSE(run.retry_at.has_value());
}

TEST_CASE("an attempt that takes too long sees its stop token and is retried") {
  World world(either_kind());
  world
      ->create({.id = "job",
                .name = "job",
                .config = call("park"),
                .max_retries = 1,
                .retry = {.initial_delay = 1s, .jitter = Jitter::none},
                .timeout = 5s})
      .value();
  const std::string id = world->execute("job").value().id;
  world.settle();
  CHECK(world.parked[0].context->deadline() == world.now() + 5s);
  world.advance(4999ms);
  CHECK_FALSE(world.parked[0].context->stop_token().stop_requested());
  world.advance(1ms);
  CHECK(world.parked[0].context->stop_token().stop_requested());
  world.finish("job", Outcome::failure("x", "stopped"));
  CHECK(world.run(id).attempts.at(0).status == AttemptStatus::timed_out);
  CHECK(world.run(id).error->message.find("timeout") != std::string::npos);
  world.advance(1s);
  world.finish("job");
  CHECK(world.run(id).status == Status::completed);
  world.advance(1h);  // the first attempt's deadline is of no account any more
  CHECK(world.run(id).attempts.size() == 2);
}

TEST_CASE("an attempt whose completion is dropped ends as abandoned") {
  World world(either_kind());
  world->create({.id = "job", .name = "job", .config = call("park"), .max_retries = 0}).value();
  const std::string id = world->execute("job").value().id;
  world.settle();
  world.parked.clear();
  world.settle();
  const Run run = world.run(id);
  CHECK(run.status == Status::failed);
  CHECK(run.error->code == "abandoned");
}

TEST_CASE("an executor that throws at the start fails the attempt with its message") {
  World world(either_kind());
  world->executor(std::make_shared<Broken>());
  world->create({.id = "job", .name = "job", .config = {.type = "broken"}, .max_retries = 0}).value();
  const std::string id = world->execute("job").value().id;
  world.settle();
  CHECK(world.run(id).status == Status::failed);
  CHECK(world.run(id).error->message == "cannot even start");
}

TEST_CASE("a type that nobody serves any more fails and is tried again") {
  World world(either_kind());
  world->executor(std::make_shared<Broken>());
  world->create({.id = "job", .name = "job", .config = {.type = "broken"}}).value();
  world.reboot();
  const std::string id = world->execute("job").value().id;
  world.settle();
  CHECK(world.run(id).error->code == "unknown_type");
  CHECK(world.run(id).retry_at.has_value());
}

TEST_CASE("under one slot the priorities get their shares and each keeps its order") {
  World world(either_kind(), {.max_concurrent = 1});
  const std::vector<std::pair<std::string, Priority>> ranks{
      {"h", Priority::high}, {"n", Priority::normal}, {"l", Priority::low}};
  world->create({.id = "first", .name = "first", .config = call("park")}).value();
  world->execute("first").value();
  for (const auto& [id, priority] : ranks) {
    world->create({.id = id, .name = id, .config = call("note"), .priority = priority, .overlap = Overlap::allow})
        .value();
    world->submit(std::vector<ExecuteRequest>(20, {.task_id = id})).value();
  }
  world.finish("first");
  REQUIRE(world.calls.size() == 61);
  const auto count = [&](const std::string& id) {
    return std::count_if(world.calls.begin() + 1, world.calls.begin() + 21,
                         [&](const Call& call) { return call.task == id; });
  };
  CHECK(count("h") == 14);
  CHECK(count("n") == 5);
  CHECK(count("l") == 1);
  for (const auto& [id, priority] : ranks) {
    std::vector<std::string> called;
    std::vector<std::string> made;
    for (const Call& call : world.calls) {
      if (call.task == id) called.push_back(call.run);
    }
    for (const Run& run : world.runs(id)) made.push_back(run.id);
    CHECK(called == made);
  }
}

TEST_CASE("limits hold for all runs together and for each queue") {
  World world(either_kind(), {.max_concurrent = 3, .queues = {{"mail", 1}}});
  for (const char* queue : {"mail", "web"}) {
    world->create({.id = queue, .name = queue, .config = call("park"), .overlap = Overlap::allow, .queue = queue})
        .value();
    world->submit(std::vector<ExecuteRequest>(4, {.task_id = queue})).value();
  }
  world.settle();
  const auto running = [&](const std::string& id) {
    return std::count_if(world.parked.begin(), world.parked.end(),
                         [&](const Parked& each) { return each.context->task_id() == id; });
  };
  CHECK(running("mail") == 1);
  CHECK(running("web") == 2);
  world.finish("web");
  CHECK(running("web") == 2);
  world.finish("mail");
  CHECK(running("mail") == 1);
  while (!world.parked.empty()) {
    REQUIRE(running("mail") <= 1);
    REQUIRE(world.parked.size() <= 3);
    world.finish(world.parked.front().context->task_id());
  }
  CHECK(world.calls.size() == 8);
}

}  // namespace taskcore::engine_test
