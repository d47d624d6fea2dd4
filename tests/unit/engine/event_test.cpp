// Events: what subscribers are told, and when.
#include <cmath>

#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

std::string in_short(const Event& event) { return std::string(to_string(event.type)) + " " + event.task_id; }

}  // namespace

TEST_CASE("events tell the life of a run in order, each numbered") {
  World world(either_kind());
  std::vector<Event> events;
  const auto token = world->on_event([&](const Event& event) { events.push_back(event); });
  world
      ->create({.id = "job",
                .name = "job",
                .config = call("fail"),
                .max_retries = 1,
                .retry = {.initial_delay = 1s, .jitter = Jitter::none}})
      .value();
  const std::string id = world->execute("job").value().id;
  world.advance(2s);
  world->pause("job").value();
  world->remove("job").value();
  world.settle();
  using T = Event::Type;
  const std::vector<T> expected{T::task_created, T::run_created, T::run_started,  T::run_retrying,
                                T::run_started,  T::run_settled, T::task_updated, T::task_deleted};
  REQUIRE(events.size() == expected.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    CHECK(events[i].type == expected[i]);
    CHECK(events[i].seq == i + 1);
    CHECK(events[i].task_id == "job");
    CHECK(events[i].run_id == (i >= 1 && i <= 5 ? id : ""));
  }
  CHECK(events[2].status == Status::running);
  CHECK(events[3].status == Status::pending);
  CHECK(events[5].status == Status::failed);
  CHECK(events[4].at == world.start() + 1s);
}

TEST_CASE("what an event tells can be read already") {
  World world(either_kind());
  int told = 0;
  const auto token = world->on_event([&](const Event& event) {
    ++told;
    if (event.type == Event::Type::run_settled) {
      CHECK(world.run(event.run_id).finished_at.has_value());
    } else if (event.type == Event::Type::task_created) {
      CHECK(world->get(event.task_id).has_value());
    }
  });
  world->create({.id = "job", .name = "job", .config = call("note")}).value();
  world->execute("job").value();
  world.settle();
  CHECK(told == 4);
}

TEST_CASE("a subscriber whose token is gone hears nothing more") {
  World world;
  std::vector<std::string> first;
  std::vector<std::string> second;
  auto token = world->on_event([&](const Event& event) { first.push_back(in_short(event)); });
  const auto other = world->on_event([&](const Event& event) { second.push_back(in_short(event)); });
  world->create({.id = "a", .name = "a"}).value();
  world.settle();
  token.reset();
  world->create({.id = "b", .name = "b"}).value();
  world.settle();
  CHECK(first.size() == 1);
  CHECK(second.size() == 2);
}

TEST_CASE("a subscriber that throws neither ends the loop nor keeps others from hearing") {
  World world;
  int told = 0;
  const auto bad = world->on_event([&](const Event&) { throw std::runtime_error("told to fail"); });
  const auto good = world->on_event([&](const Event&) { ++told; });
  world->create({.id = "a", .name = "a"}).value();
  world.settle();
  CHECK(told == 1);
}

TEST_CASE("progress is told at once, then four times a second at most, and the last value wins") {
  World world(either_kind());
  std::vector<std::pair<Duration, double>> told;
  const auto token = world->on_event([&](const Event& event) {
    if (event.type != Event::Type::run_progress) return;
    CHECK(event.seq == 0);
    CHECK(event.task_id == "job");
    CHECK(event.run_id == world.last_run("job").id);
    CHECK(event.status == Status::running);
    CHECK(event.at == world.now());
    told.emplace_back(world.now() - world.start(), event.progress);
  });
  world->create({.id = "job", .name = "job", .config = call("park")}).value();
  world->execute("job").value();
  world.settle();
  for (int i = 0; i <= 1000; ++i) {
    world.parked[0].context->progress(i / 1000.0);
    world.advance(1ms);
  }
  CHECK(told == std::vector<std::pair<Duration, double>>{
                    {0ms, 0.0}, {250ms, 0.249}, {500ms, 0.499}, {750ms, 0.749}, {1000ms, 0.999}});
  world.advance(1s);
  CHECK(told.back() == std::pair<Duration, double>{1250ms, 1.0});
  CHECK(told.size() == 6);
}

TEST_CASE("progress keeps to its range, and ends with the attempt") {
  World world;
  std::vector<std::string> told;
  const auto token = world->on_event([&](const Event& event) {
    told.push_back(std::string(to_string(event.type)) +
                   (event.type == Event::Type::run_progress ? " " + std::to_string(event.progress).substr(0, 3) : ""));
  });
  world->create({.id = "job", .name = "job", .config = call("park")}).value();
  world->execute("job").value();
  world.settle();
  const auto context = world.parked[0].context;
  context->progress(std::nan(""));
  world.settle();
  context->progress(7);
  world.advance(1s);
  context->progress(-7);
  world.advance(1s);
  context->progress(0.5);
  world.settle();
  context->progress(0.6);  // waits for its turn when the attempt ends
  world.finish("job");
  context->progress(0.7);
  world.advance(1s);
  CHECK(told == Names{"task.created", "run.created", "run.started", "run.progress 1.0", "run.progress 0.0",
                      "run.progress 0.5", "run.settled"});
}

TEST_CASE("functions tell their progress, and nothing of it is stored") {
  World world;
  double told = 0;
  const auto token = world->on_event([&](const Event& event) {
    if (event.type == Event::Type::run_progress) told = event.progress;
  });
  world->function("half", [&](RunContext& context, const boost::json::value&) { context.progress(0.5); });
  world->create({.id = "job", .name = "job", .config = call("half")}).value();
  world->execute("job").value();
  world.settle();
  CHECK((told == 0.5 || told == 0));  // it may have ended before
  CHECK(world.logs("job").size() == 3);
}

TEST_CASE("a request that was refused makes no event") {
  World world;
  int told = 0;
  const auto token = world->on_event([&](const Event&) { ++told; });
  CHECK(world->create({.id = "x", .name = "x", .dependencies = {"nobody"}}).has_error());
  CHECK(world->execute("nobody").has_error());
  world.settle();
  CHECK(told == 0);
}

}  // namespace taskcore::engine_test
