// What a host's function may look like, what it is given, and how its end becomes the run's.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/describe.hpp>

#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

struct Greeting {
  std::string name;
  int times = 0;
};
BOOST_DESCRIBE_STRUCT(Greeting, (), (name, times))

template <class F>
Run run_once(World& world, F function, boost::json::value params = {}) {
  world->function("it", std::move(function));
  world->ensure({.id = "job", .name = "job", .config = call("it"), .max_retries = 0}).value();
  const std::string id = world->execute("job", std::move(params)).value().id;
  world.settle();
  return world.run(id);
}

boost::asio::awaitable<int> double_later(int number) {
  co_await boost::asio::post(boost::asio::use_awaitable);
  co_return 2 * number;
}

}  // namespace

TEST_CASE("a function may give JSON, a value that converts, a Result, or nothing") {
  World world;
  using boost::json::value;
  CHECK(run_once(world, [](RunContext&, const value& params) { return params; }, {{"a", 1}}).result == value{{"a", 1}});
  CHECK(run_once(world, [](RunContext&, const value&) { return 42; }).result == 42);
  CHECK(run_once(world, [](RunContext&, const value&) { return std::vector<int>{1, 2}; }).result == value{1, 2});
  CHECK(run_once(world, [](RunContext&, const value&) {
          return Greeting{"ann", 2};
        }).result == value{{"name", "ann"}, {"times", 2}});
  CHECK(run_once(world, [](RunContext&, const value&) {}).result.is_null());
  CHECK(run_once(world, [](RunContext&, const value&) -> Result<int> { return 7; }).result == 7);
  CHECK(run_once(world, [](RunContext&, const value&) -> Result<void> { return {}; }).status == Status::completed);
}

TEST_CASE("typed parameters are converted; those that do not fit fail for good") {
  World world;
  const auto greet = [](RunContext&, const Greeting& greeting) {
    return greeting.name + std::to_string(greeting.times);
  };
  CHECK(run_once(world, greet, {{"name", "ann"}, {"times", 3}}).result == "ann3");
  const Run bad = run_once(world, greet, {{"name", 5}});
  CHECK(bad.status == Status::failed);
  CHECK(bad.error->code == "bad_params");
  CHECK_FALSE(bad.error->retryable);
}

TEST_CASE("a run's own parameters go before those of the configuration") {
  World world(either_kind());
  world->create({.id = "job", .name = "job", .config = call("note", {{"from", "config"}})}).value();
  world->execute("job").value();
  world.settle();
  CHECK(world.last_run("job").result.at("from") == "config");
  world->execute("job", {{"from", "run"}}).value();
  world.settle();
  CHECK(world.last_run("job").result.at("from") == "run");
  CHECK(world.last_run("job").params.at("from") == "run");
}

TEST_CASE("errors and exceptions fail the attempt, fatal ones for good") {
  World world;
  using boost::json::value;
  Run run = run_once(world, [](RunContext&, const value&) { throw std::runtime_error("no luck"); });
  CHECK(run.error->code == "exception");
  CHECK(run.error->message == "no luck");
  CHECK(run.error->retryable);
  run = run_once(world, [](RunContext&, const value&) { throw 5; });
  CHECK(run.status == Status::failed);
  run = run_once(world, [](RunContext&, const value&) { throw fatal("never"); });
  CHECK(run.error->message == "never");
  CHECK_FALSE(run.error->retryable);
  run = run_once(world, [](RunContext&, const value&) -> Result<int> { return fail(Errc::unavailable, "later"); });
  CHECK(run.error->code == "unavailable");
  CHECK(run.error->retryable);
  run = run_once(world, [](RunContext&, const value&) -> Result<void> { return invalid("/x", "wrong"); });
  CHECK_FALSE(run.error->retryable);
}

TEST_CASE("a function that snoozes is run again later, with no retry used") {
  World world(either_kind());
  std::vector<Duration> at;
  world->function("sleepy", [&](RunContext& context, const boost::json::value&) {
    at.push_back(world.now() - world.start());
    if (context.attempt() < 3) throw snooze(5min);
  });
  world->create({.id = "job", .name = "job", .config = call("sleepy"), .max_retries = 0}).value();
  const std::string id = world->execute("job").value().id;
  world.advance(1h);
  CHECK(at == Times{0s, 5min, 10min});
  CHECK(world.run(id).status == Status::completed);
}

TEST_CASE("a function may be a coroutine") {
  World world;
  using boost::asio::awaitable;
  using boost::json::value;
  CHECK(run_once(
            world,
            [](RunContext&, const value& n) -> awaitable<int> { return double_later(static_cast<int>(n.as_int64())); },
            21)
            .result == 42);
  CHECK(run_once(world, [](RunContext&, const value&) -> awaitable<void> { co_return; }).status == Status::completed);
  CHECK(run_once(world, [](RunContext&, const value&) -> awaitable<Result<int>> {
          co_return fail(Errc::timeout, "late");
        }).error->code == "timeout");
  CHECK(run_once(world, [](RunContext&, const Greeting& who) -> awaitable<std::string> { co_return who.name; },
                 {{"name", "bob"}, {"times", 1}})
            .result == "bob");
  CHECK(run_once(world, [](RunContext&, const value&) -> awaitable<void> {
          co_await boost::asio::post(boost::asio::use_awaitable);
          throw fatal("never");
        }).error->code == "fatal");
}

TEST_CASE("what throws before it makes its coroutine fails with its message") {
  World world;
  const Run run = run_once(world, [](RunContext&, const boost::json::value&) -> boost::asio::awaitable<int> {
    throw std::runtime_error("not even begun");
    return double_later(1);
  });
  CHECK(run.error->message == "not even begun");
}

TEST_CASE("a checkpoint is there for later attempts, also after a crash") {
  World world(either_kind());
  world
      ->create(
          {.id = "job", .name = "job", .config = call("park"), .retry = {.initial_delay = 1s, .jitter = Jitter::none}})
      .value();
  world->execute("job").value();
  world.settle();
  CHECK(world.parked[0].context->checkpoint().is_null());
  world.parked[0].context->set_checkpoint({{"page", 3}});
  world.finish("job", Outcome::failure("x", "no luck"));
  world.advance(1s);
  CHECK(world.parked[0].context->checkpoint().at("page") == 3);
  CHECK_THROWS_AS(world.parked[0].context->set_checkpoint(boost::json::string(300 * 1024, 'x')), std::length_error);
  world.reboot();
  world.advance(10s);
  CHECK(world.parked.at(0).context->checkpoint().at("page") == 3);
}

TEST_CASE("an attempt knows its run") {
  World world(either_kind());
  world
      ->create({.id = "job",
                .name = "Job",
                .config = call("park"),
                .schedule = "every 10 seconds",
                .timeout = 7s,
                .kill_grace = 1s})
      .value();
  world.advance(10s);
  const RunContext& context = *world.parked.at(0).context;
  CHECK(context.id() == world.last_run("job").id);
  CHECK(context.task_id() == "job");
  CHECK(context.task_name() == "Job");
  CHECK(context.attempt() == 1);
  CHECK(context.scheduled_for() == world.start() + 10s);
  CHECK(context.timeout() == 7s);
  CHECK(context.kill_grace() == 1s);
  CHECK(context.deadline() == world.start() + 17s);
  CHECK(context.params().is_null());
}

TEST_CASE("a call that names no function is a join point, one that names an unknown one fails") {
  World world(either_kind());
  world->create({.id = "join", .name = "join"}).value();
  CHECK(world->wait(world->execute("join").value().id).value().status == Status::completed);
  world->function("old", [](RunContext&, const boost::json::value&) {});
  world->create({.id = "job", .name = "job", .config = call("old"), .max_retries = 0}).value();
  world.reboot();
  CHECK(world->wait(world->execute("job").value().id).value().error->code == "unknown_function");
}

}  // namespace taskcore::engine_test
