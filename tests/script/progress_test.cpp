// Progress that a script tells on its output.
#include <atomic>
#include <fstream>
#include <future>
#include <mutex>

#include "script/world.hpp"

namespace taskcore::script_test {

TEST_CASE("a script's progress is an event, not output", "[script]") {
  World world;
  std::mutex mutex;
  std::vector<double> told;
  const auto token = world->on_event([&](const Event& event) {
    const std::lock_guard lock(mutex);
    if (event.type == Event::Type::run_progress) told.push_back(event.progress);
  });
  const TempDir dir;
  const std::string fifo = dir.path() / "go";
  // It stands still after its first progress until the test has heard of it.
  std::promise<void> heard;
  const auto listening = world->on_event([&](const Event& event) {
    if (event.type == Event::Type::run_progress && event.progress == 0.25) heard.set_value();
  });
  world
      ->create({.id = "job",
                .name = "job",
                .config = shell("mkfifo " + fifo + "; echo begin; echo ::progress::0.25; read line < " + fifo +
                                "; echo ::progress::100%; echo '{\"rows\":3}'; echo ::progress::1.5; echo "
                                "::progress::1 >&2; printf ::progress::0.9")})
      .value();
  const std::string id = world->execute("job").value().id;
  REQUIRE(heard.get_future().wait_for(std::chrono::seconds(20)) == std::future_status::ready);
  CHECK(world->get_run(id).value().status == Status::running);
  { std::ofstream(fifo) << "go\n"; }
  const Run run = world->wait(id).value();
  CHECK(world.output(run) == Lines{"begin", "{\"rows\":3}", "::progress::1.5"});
  CHECK(world.lines(run, LogStream::stderr_) == Lines{"::progress::1"});
  const std::lock_guard lock(mutex);
  CHECK(told.front() == 0.25);
  CHECK(told.size() <= 2);  // what came right before the end may not have been told
}

TEST_CASE("a flood of progress is a few events a second", "[script]") {
  World world;
  std::atomic<int> told{0};
  const auto token =
      world->on_event([&](const Event& event) { told += event.type == Event::Type::run_progress ? 1 : 0; });
  const auto start = std::chrono::steady_clock::now();
  const Run run = world.run(shell("seq -f '::progress::%g%%' 0 0.0005 100; seq -f '::progress::%g%%' 0 0.0005 100"));
  const auto took = std::chrono::steady_clock::now() - start;
  CHECK(run.status == Status::completed);
  CHECK(world.output(run).empty());
  CHECK(told >= 1);
  CHECK(told <= took / std::chrono::milliseconds(250) + 2);
}

}  // namespace taskcore::script_test
