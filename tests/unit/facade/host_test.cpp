// The scheduler on real threads: verbs from many of them at once, and calls that would wait for themselves.
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <map>
#include <thread>

#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

constexpr int kThreads = 4;
constexpr int kExecutes = 500;

HostOptions options(const Disk& disk) {
  HostOptions out;
  out.store = disk.open();
  out.scheduler.max_concurrent = 8;
  out.threads = 2;
  return out;
}

/// What one thread does: runs, a cancellation now and then, and reads of what it was just told.
void hammer(Scheduler& scheduler, int thread, std::atomic<int>& refused) {
  const std::string id = "job" + std::to_string(thread % 2);
  for (int i = 0; i < kExecutes; ++i) {
    const auto run = scheduler.execute(id, i);
    if (!run) {
      ++refused;
      continue;
    }
    const auto read = scheduler.get_run(run->id);
    if (!read || read->task_id != id) ++refused;
    if (i % 10 == 0 && !scheduler.cancel_run(run->id)) ++refused;
    if (i % 50 == 0 && (!scheduler.list() || !scheduler.stats() || !scheduler.logs({.task_id = id}))) ++refused;
  }
}

}  // namespace

TEST_CASE("many threads at once: every acknowledged run is there and ends once") {
  const Disk disk(either_kind());
  std::atomic<int> called{0};
  std::atomic<int> settled{0};
  std::atomic<int> refused{0};
  Host host(options(disk));
  Scheduler& scheduler = host.scheduler();
  const auto token =
      scheduler.on_event([&](const Event& event) { settled += event.type == Event::Type::run_settled ? 1 : 0; });
  scheduler.function("count", [&](RunContext&, const boost::json::value&) { ++called; });
  scheduler.create({.id = "job0", .name = "job0", .config = call("count"), .overlap = Overlap::allow}).value();
  scheduler.create({.id = "job1", .name = "job1", .config = call("count")}).value();
  host.start().value();
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back([&, i] { hammer(scheduler, i, refused); });
  for (std::thread& thread : threads) thread.join();
  CHECK(refused == 0);

  std::map<Status, int> ended;
  int attempts = 0;
  RunQuery query{.oldest_first = true, .limit = 1000};
  do {
    const auto page = scheduler.runs(query).value();
    for (const Run& run : page.items) {
      const Run end = scheduler.wait(run.id).value();
      ++ended[end.status];
      attempts += static_cast<int>(end.attempts.size());
      CHECK(end.attempts.size() <= 1);
    }
    query.cursor = page.next_cursor;
  } while (!query.cursor.empty());
  CHECK(ended[Status::completed] + ended[Status::cancelled] == kThreads * kExecutes);
  CHECK(attempts == called);
  const Stats stats = scheduler.stats().value();
  CHECK(stats.running == 0);
  CHECK(scheduler.get("job0")->status != Status::pending);
  CHECK(scheduler.get("job1")->status != Status::running);
  host.stop(10s).value();
  CHECK(settled == kThreads * kExecutes);
}

TEST_CASE("a blocking call from the engine's own thread is refused, a read is not") {
  const Disk disk(either_kind());
  Host host(options(disk));
  host.start().value();
  Scheduler& scheduler = host.scheduler();
  std::promise<Errc> refused;
  std::promise<bool> read;
  boost::asio::post(host.get_executor(), [&] {
    const auto made = scheduler.create({.id = "x", .name = "x"});
    refused.set_value(made ? Errc::internal : made.error().code);
    read.set_value(scheduler.list().has_value());
  });
  CHECK(refused.get_future().get() == Errc::would_deadlock);
  CHECK(read.get_future().get());
}

TEST_CASE("a blocking call is answered while nobody runs the executor, whatever shares its batch") {
  constexpr int kRequests = 2000;
  const Disk disk(either_kind());
  boost::asio::io_context loop;
  int answered = 0;
  {
    Scheduler scheduler(loop.get_executor(), disk.open());
    scheduler.create({.id = "x", .name = "x"}).value();
    for (int i = 0; i < kRequests; ++i) {
      scheduler.async_execute("x", i, {}, [&](const Result<Run>& run) { answered += run ? 1 : 0; });
    }
    CHECK(scheduler.execute("x").has_value());
    CHECK(answered == 0);
    loop.run();
    CHECK(answered == kRequests);
    scheduler.async_stop(1s, [](Result<void>) {});
    loop.restart();
    loop.run();
  }
}

TEST_CASE("a function may call the scheduler's verbs") {
  const Disk disk(either_kind());
  Host host(options(disk));
  Scheduler& scheduler = host.scheduler();
  scheduler.function("spawn", [&](RunContext&, const boost::json::value&) -> Result<std::string> {
    const auto child = scheduler.execute("child");
    if (!child) return child.error();
    const auto end = scheduler.wait(child->id);
    if (!end) return end.error();
    return std::string(to_string(end->status));
  });
  scheduler.create({.id = "child", .name = "child"}).value();
  scheduler.create({.id = "parent", .name = "parent", .config = call("spawn"), .max_retries = 0}).value();
  host.start().value();
  const Run run = scheduler.wait(scheduler.execute("parent").value().id).value();
  CHECK(run.result == "completed");
}

TEST_CASE("the asynchronous forms take any completion token") {
  const Disk disk(either_kind());
  Host host(options(disk));
  Scheduler& scheduler = host.scheduler();
  scheduler.async_start(boost::asio::use_future).get().value();
  const Task task = scheduler.async_create({.id = "x", .name = "x"}, {}, boost::asio::use_future).get().value();
  const Run run = scheduler.async_execute(task.id, 5, {}, boost::asio::use_future).get().value();
  CHECK(scheduler.async_wait(run.id, 1h, boost::asio::use_future).get()->status == Status::completed);
  CHECK(scheduler.async_pause("x", {}, boost::asio::use_future).get()->paused);
  CHECK_FALSE(scheduler.async_resume("x", {}, boost::asio::use_future).get()->paused);
  CHECK(scheduler.async_cancel("nobody", {}, boost::asio::use_future).get().error().code == Errc::not_found);
  CHECK(scheduler.async_remove("x", {}, {}, boost::asio::use_future).get().has_value());
  CHECK(scheduler.async_stop(1s, boost::asio::use_future).get().has_value());
}

TEST_CASE("a store that cannot be opened is told by every verb") {
  HostOptions bad;
  bad.store = sqlite("/nonexistent/directory/store.db");
  Host host(std::move(bad));
  CHECK(host.start().error().code == Errc::unavailable);
  CHECK(host.scheduler().create({.name = "x"}).error().code == Errc::unavailable);
  CHECK(host.scheduler().list().error().code == Errc::unavailable);
  CHECK_FALSE(host.scheduler().ready());
  CHECK(host.stop().has_value());
}

TEST_CASE("a host that is destroyed with work at hand leaves it to the next one") {
  const Disk disk(either_kind());
  std::string id;
  {
    std::promise<void> begun;
    Host host(options(disk));
    host.scheduler().function("job", [&](RunContext& context, const boost::json::value&) {
      begun.set_value();
      while (!context.stop_token().stop_requested()) std::this_thread::yield();
      throw std::runtime_error("stopped");
    });
    host.scheduler().create({.id = "job", .name = "job", .config = call("job")}).value();
    host.start().value();
    id = host.scheduler().execute("job").value().id;
    begun.get_future().wait();
  }
  Host host(options(disk));
  host.scheduler().function("job", [](RunContext&, const boost::json::value&) {});
  host.start().value();
  const Run run = host.scheduler().wait(id, 1min).value();
  CHECK(run.status == Status::completed);
  CHECK(run.attempts.size() == 2);
  CHECK(run.attempts.at(0).status == AttemptStatus::interrupted);
}

}  // namespace taskcore::engine_test
