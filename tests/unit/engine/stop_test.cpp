// Stopping in good order, and waiting for runs.
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {

TEST_CASE("a stop waits for what runs and starts nothing more") {
  World world(either_kind(), {.max_concurrent = 1});
  world->create({.id = "job", .name = "job", .config = call("park"), .overlap = Overlap::allow}).value();
  const std::string first = world->execute("job").value().id;
  const std::string second = world->execute("job").value().id;
  world.settle();
  bool stopped = false;
  world->async_stop(10s, [&](Result<void> result) { stopped = result.has_value(); });
  world.advance(5s);
  CHECK_FALSE(stopped);
  CHECK_FALSE(world.parked[0].context->stop_token().stop_requested());
  world.finish("job");
  CHECK(stopped);
  CHECK(world.parked.empty());
  CHECK(world->execute("job").error().code == Errc::stopped);
  CHECK(world->get("job").error().code == Errc::stopped);

  world.reboot();
  CHECK(world.run(first).status == Status::completed);
  CHECK(world.run(second).status == Status::running);
}

TEST_CASE("when the grace is over runs are interrupted, and go on at the next start with no retry used") {
  World world(either_kind());
  world->create({.id = "job", .name = "job", .config = call("park"), .max_retries = 0}).value();
  const std::string id = world->execute("job").value().id;
  world.settle();
  bool stopped = false;
  world->async_stop(10s, [&](Result<void> result) { stopped = result.has_value(); });
  world.advance(10s);
  REQUIRE(world.parked.size() == 1);
  CHECK(world.parked[0].context->stop_token().stop_requested());
  world.finish("job", Outcome::failure("x", "stopped"));
  CHECK(stopped);

  world.reboot();
  REQUIRE(world.parked.size() == 1);
  CHECK(world.parked[0].context->attempt() == 2);
  const Run run = world.run(id);
  CHECK(run.attempts.at(0).status == AttemptStatus::interrupted);
  world.finish("job");
  CHECK(world.run(id).status == Status::completed);
}

TEST_CASE("a run that does not even end when it is interrupted is recovered at the next start") {
  World world(either_kind());
  world->create({.id = "job", .name = "job", .config = call("park")}).value();
  const std::string id = world->execute("job").value().id;
  world.settle();
  world.stop(0ms);
  auto late = std::move(world.parked);
  world.reboot();
  CHECK(world.run(id).attempts.at(0).status == AttemptStatus::lost);
  for (Parked& each : late) each.done(Outcome::success("too late"));
  world.advance(1min);
  world.finish("job");
  CHECK(world.run(id).status == Status::completed);
  CHECK(world.run(id).result.is_null());
}

TEST_CASE("an attempt that ends just as the stop gives up on it is written, and harms nothing") {
  World world(either_kind());
  world->create({.id = "job", .name = "job", .config = call("park"), .timeout = 1h}).value();
  const std::string id = world->execute("job").value().id;
  world.settle();
  bool stopped = false;
  world->async_stop(0ms, [&](Result<void>) { stopped = true; });
  world.settle();
  // The patience is over and the end is told before anything of that is worked off.
  world.clock().advance(1min);
  world.parked.front().done(Outcome::success());
  world.settle();
  CHECK(stopped);
  world.reboot();
  CHECK(world.run(id).status == Status::completed);
}

TEST_CASE("hurry ends the grace") {
  World world(either_kind());
  world->create({.id = "job", .name = "job", .config = call("park")}).value();
  world->execute("job").value();
  world.settle();
  world->async_stop(1h, [](Result<void>) {});
  world.settle();
  CHECK_FALSE(world.parked[0].context->stop_token().stop_requested());
  world->hurry();
  world.settle();
  CHECK(world.parked[0].context->stop_token().stop_requested());
}

TEST_CASE("stopping twice, or before the start, is legal; starting after it is not") {
  World world(either_kind());
  world.crash();
  world.boot(false);
  world->create({.id = "job", .name = "job"}).value();
  CHECK(world->stop(1s).has_value());
  CHECK(world->stop(1s).has_value());
  CHECK(world->start().error().code == Errc::stopped);
}

TEST_CASE("without a start nothing runs, and verbs work") {
  World world(either_kind());
  world.crash();
  world.boot(false);
  world->create({.id = "tick", .name = "tick", .config = call("note"), .schedule = "every 10 seconds"}).value();
  world->execute("tick").value();
  world.advance(1min);
  CHECK(world.calls.empty());
  world->start().value();
  world.advance(1s);
  CHECK(world.calls.size() == 1);  // by hand; the instants that were missed met a live run
  CHECK(world->start().has_value());
}

TEST_CASE("waiting for a run gives it when it has ended") {
  World world(either_kind());
  world->create({.id = "job", .name = "job", .config = call("note")}).value();
  const std::string id = world->execute("job", 7).value().id;
  const Run run = world->wait(id).value();
  CHECK(run.status == Status::completed);
  CHECK(run.result == 7);
  CHECK(world->wait(id).value().status == Status::completed);  // also afterwards
  CHECK(world->wait("run_99").error().code == Errc::not_found);
  CHECK(world->wait("rubbish").error().code == Errc::not_found);
}

TEST_CASE("a wait runs out, or ends with the scheduler") {
  World world(either_kind());
  world->create({.id = "job", .name = "job", .config = call("park")}).value();
  const std::string id = world->execute("job").value().id;
  CHECK(world->wait(id).error().code == Errc::would_deadlock);  // under this clock nobody could ever end it
  std::vector<Errc> ends;
  const auto note = [&](Result<Run> run) { ends.push_back(run ? Errc::internal : run.error().code); };
  world->async_wait(id, 5s, note);
  world->async_wait(id, 1h, note);
  world.advance(5s);
  CHECK(ends == std::vector<Errc>{Errc::timeout});
  world.stop(0ms);
  CHECK(ends == std::vector<Errc>{Errc::timeout, Errc::stopped});
}

TEST_CASE("submit makes all runs or none") {
  World world(either_kind());
  world->create({.id = "job", .name = "job", .config = call("note"), .overlap = Overlap::allow}).value();
  const Error error = world->submit({{.task_id = "job"}, {.task_id = "nobody"}, {.task_id = "job"}}).error();
  CHECK(error.code == Errc::invalid);
  REQUIRE(error.fields.size() == 1);
  CHECK(error.fields[0].pointer == "/1/taskId");
  world.settle();
  CHECK(world.runs("job").empty());
  const auto ids = world->submit({{.task_id = "job", .params = 1}, {.task_id = "job", .params = 2}}).value();
  world.settle();
  REQUIRE(ids.size() == 2);
  CHECK(world.run(ids[0]).result == 1);
  CHECK(world.run(ids[1]).result == 2);
  const boost::json::string big(256 * 1024, 'x');
  CHECK(world->submit({{.task_id = "job"}, {.task_id = "job", .params = big}}).error().code == Errc::invalid);
  CHECK(world->execute("job", big).error().code == Errc::invalid);
  CHECK(world.runs("job").size() == 2);
}

}  // namespace taskcore::engine_test
