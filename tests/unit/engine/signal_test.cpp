// Runs that wait for a signal: in no slot, across restarts, until it comes, its deadline passes, or they are cancelled.
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

/// A task of the built-in function, and a run of it that waits.
std::string waiting_run(World& world, boost::json::object params = {}) {
  world->create({.id = "approval", .name = "approval", .config = call("wait_for_signal", std::move(params))}).value();
  const std::string id = world->execute("approval").value().id;
  world.settle();
  return id;
}

/// A run of "park" that is in its first attempt.
std::string parked_run(World& world) {
  world
      ->create({.id = "job",
                .name = "job",
                .config = call("park"),
                .max_retries = 1,
                .retry = {.initial_delay = 1s, .jitter = Jitter::none}})
      .value();
  const std::string id = world->execute("job").value().id;
  world.settle();
  return id;
}

const std::optional<boost::json::value>& signal_of(World& world) { return world.parked.at(0).context->signal(); }

}  // namespace

TEST_CASE("a run that waits for a signal holds neither a slot nor its key") {
  World world(either_kind(), {.max_concurrent = 1});
  for (const char* id : {"job", "other"}) {
    world->create({.id = id, .name = id, .config = call("park"), .concurrency_key = "key"}).value();
    world->execute(id).value();
  }
  world.settle();
  world.finish("job", Outcome::await_signal());
  const Run run = world.last_run("job");
  CHECK(run.status == Status::pending);
  CHECK(run.reason == "signal");
  CHECK_FALSE(run.retry_at);
  CHECK_FALSE(run.error);
  CHECK(run.attempts.at(0).status == AttemptStatus::completed);
  CHECK_FALSE(world.task("job").retry_at);
  REQUIRE(world.parked.size() == 1);
  CHECK(world.parked[0].context->task_id() == "other");
  world.advance(72h);
  CHECK(world.last_run("job").attempts.size() == 1);
}

TEST_CASE("a signal ends the wait, and its payload is the result of the built-in function") {
  World world(either_kind());
  const std::string id = waiting_run(world);
  const boost::json::value payload =
      GENERATE(as<boost::json::value>{}, boost::json::object{{"approved", true}}, 7, boost::json::value(nullptr));
  CHECK(world->signal(id, payload).value().reason.empty());
  world.settle();
  const Run run = world.run(id);
  CHECK(run.status == Status::completed);
  CHECK(run.result == payload);
  CHECK(run.attempts.size() == 2);
}

TEST_CASE("a function waits with await_signal and goes on with what it was sent") {
  World world(either_kind());
  world->function("ask", [](RunContext& run, const boost::json::value&) -> Outcome {
    if (!run.signal()) return await_signal(1h);
    return Outcome::success(*run.signal());
  });
  world->create({.id = "job", .name = "job", .config = call("ask"), .timeout = 1s}).value();
  const std::string id = world->execute("job").value().id;
  world.settle();
  world.advance(50min);  // more than the timeout of an attempt
  world->signal(id, "yes").value();
  CHECK(world->wait(id).value().result == "yes");
}

TEST_CASE("an early signal is kept, one of them") {
  World world(either_kind());
  const std::string id = parked_run(world);
  const std::string held = world->execute("job").value().id;
  CHECK(world->signal(id, 1).value().status == Status::running);
  CHECK(world->signal(held, 2).has_value());
  for (const auto& run : {id, held}) {
    CHECK(world->signal(run, 1).error().code == Errc::conflict);
    CHECK(world->signal(run, 2).error().code == Errc::conflict);
  }
  CHECK_FALSE(signal_of(world));
  world.finish("job", Outcome::await_signal());
  CHECK(signal_of(world) == boost::json::value(1));
  CHECK(world->signal(id, 3).error().code == Errc::conflict);  // not used up yet
  world.finish("job");
  CHECK(world.parked.at(0).context->id() == held);
  CHECK(signal_of(world) == boost::json::value(2));
}

TEST_CASE("a signal in the very transaction in which the attempt asks for it is not missed") {
  World world(either_kind());
  const std::string id = parked_run(world);
  const bool signal_first = GENERATE(true, false);
  std::optional<Result<Run>> told;
  const auto send = [&] { world->async_signal(id, "go", {}, [&](Result<Run> run) { told = std::move(run); }); };
  if (signal_first) send();
  Parked ended = std::move(world.parked.front());
  world.parked.clear();
  ended.done(Outcome::await_signal());
  if (!signal_first) send();
  world.settle();
  CHECK(told.value().has_value());
  REQUIRE(world.parked.size() == 1);
  CHECK(signal_of(world) == boost::json::value("go"));
}

TEST_CASE("a signal is given again until it is used up by the next wait") {
  World world(either_kind());
  const std::string id = parked_run(world);
  world.finish("job", Outcome::await_signal());
  world->signal(id, "first").value();
  world.settle();
  CHECK(signal_of(world) == boost::json::value("first"));
  world.reboot();
  world.advance(10s);
  CHECK(signal_of(world) == boost::json::value("first"));
  world.finish("job", Outcome::failure("x", "no luck"));
  world.advance(10s);
  CHECK(signal_of(world) == boost::json::value("first"));
  world.finish("job", Outcome::await_signal());
  CHECK(world.run(id).reason == "signal");
  CHECK(world.parked.empty());
  world->signal(id, "second").value();
  world.settle();
  CHECK(signal_of(world) == boost::json::value("second"));
}

TEST_CASE("waits use up no retry, and give none back") {
  World world(either_kind());
  const std::string id = parked_run(world);
  world.finish("job", Outcome::failure("x", "no luck"));
  world.advance(1s);
  for (int i = 0; i < 5; ++i) {
    world.finish("job", Outcome::await_signal());
    world->signal(id).value();
    world.settle();
  }
  world.finish("job", Outcome::failure("x", "no luck"));
  CHECK(world.run(id).status == Status::failed);
  CHECK(world.run(id).attempts.size() == 7);
}

TEST_CASE("a wait ends at its deadline as failed, for good") {
  World world(either_kind());
  const std::string id = waiting_run(world, {{"timeout", 60000}});
  CHECK(world.run(id).retry_at == world.now() + 1min);
  CHECK(world.task("approval").retry_at == world.now() + 1min);
  const bool in_time = GENERATE(true, false);
  in_time ? world.advance(59s) : world.reboot_after(2min);
  CHECK(world.run(id).reason == (in_time ? "signal" : ""));
  world.advance(1s);
  const Run run = world.run(id);
  CHECK(run.status == Status::failed);
  CHECK(run.error->code == "signal_timeout");
  CHECK_FALSE(run.error->retryable);
  CHECK(run.reason.empty());
  CHECK(world->signal(id).error().code == Errc::conflict);
}

TEST_CASE("the parameters of a run do not lift the deadline of its task") {
  World world(either_kind());
  world->create({.id = "approval", .name = "approval", .config = call("wait_for_signal", {{"timeout", 1000}})}).value();
  const std::string id = world->execute("approval", {{"order", 7}}).value().id;
  world.advance(1s);
  CHECK(world.run(id).status == Status::failed);
}

TEST_CASE("a deadline that is no length of time is refused when the task is stored") {
  World world;
  const boost::json::value timeout = GENERATE(as<boost::json::value>{}, "1h", 0, -5, 1.5, 1e15);
  const auto task = world->create({.id = "a", .name = "a", .config = call("wait_for_signal", {{"timeout", timeout}})});
  REQUIRE(task.has_error());
  CHECK(task.error().code == Errc::invalid);
  CHECK(task.error().fields.at(0).pointer == "/config/params/timeout");
  CHECK(world->create({.id = "a", .name = "a", .config = call("wait_for_signal", {{"timeout", nullptr}})}).has_value());
  CHECK(world->create({.id = "b", .name = "b", .config = call("wait_for_signal", {{"timeout", "${params.patience}"}})})
            .has_value());
}

TEST_CASE("a waiting run is cancelled at once, and the one behind it goes on") {
  World world(either_kind());
  const std::string id = waiting_run(world);
  const std::string held = world->execute("approval").value().id;
  CHECK(world->cancel_run(id).value().status == Status::cancelled);
  CHECK(world.run(id).attempts.size() == 1);
  world.settle();
  CHECK(world.run(held).reason == "signal");
}

TEST_CASE("a wait outlives the process") {
  World world(either_kind());
  const std::string id = waiting_run(world);
  world.reboot_after(1h);
  CHECK(world.run(id).reason == "signal");
  CHECK(world.run(id).attempts.size() == 1);
  world->signal(id, "late").value();
  CHECK(world->wait(id).value().result == "late");
}

TEST_CASE("a run that has ended takes no signal, and one that repeats it starts without") {
  World world(either_kind());
  const std::string id = parked_run(world);
  world->signal(id, "early").value();
  world.finish("job");
  const auto refused = world->signal(id, "late");
  CHECK(refused.error().code == Errc::conflict);
  CHECK(refused.error().detail.find("has ended") != std::string::npos);
  world->retry_run(id).value();
  world.settle();
  CHECK_FALSE(signal_of(world));
  CHECK(world->signal("run_77").error().code == Errc::not_found);
  CHECK(world->signal("rubbish").error().code == Errc::not_found);
}

TEST_CASE("a payload has at most 256 KiB, and may be all of it") {
  World world(either_kind());
  const std::string id = waiting_run(world);
  constexpr std::size_t kMost = 256 * 1024;
  const auto refused = world->signal(id, boost::json::string(kMost - 1, 'x'));
  CHECK(refused.error().code == Errc::invalid);
  CHECK(refused.error().fields.at(0).pointer == "/payload");
  CHECK(world->signal(id, boost::json::string(kMost - 2, 'x')).has_value());
  CHECK(world->wait(id).value().result.as_string().size() == kMost - 2);
}

TEST_CASE("who may not signal finds no run") {
  World world;
  const std::string id = waiting_run(world);
  const auto nobody = [](const Task&) -> Result<void> { return fail(Errc::not_found, "no"); };
  CHECK(world->signal(id, {}, nobody).error().code == Errc::not_found);
  CHECK(world.run(id).reason == "signal");
}

}  // namespace taskcore::engine_test
