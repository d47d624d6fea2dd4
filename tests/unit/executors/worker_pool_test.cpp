// Calls of blocking functions on their threads.
#include "executors/worker_pool.hpp"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <latch>

#include "support/catch.hpp"
#include "taskcore/host.hpp"
#include "taskcore/stores/memory.hpp"

namespace taskcore {
namespace {

/// Counts how calls ended.
struct Ends final : RunCompletion::Sink {
  explicit Ends(std::ptrdiff_t expected) : left(expected) {}
  void complete(std::optional<Outcome> outcome) noexcept override {
    ++(outcome ? answered : dropped);
    left.count_down();
  }
  std::atomic<int> answered{0};
  std::atomic<int> dropped{0};
  std::latch left;
};

std::shared_ptr<const Function> function(std::function<void()> body) {
  Function out;
  out.start = [body = std::move(body)](const std::shared_ptr<RunContext>&, RunCompletion done) {
    body();
    done(Outcome::success());
  };
  return std::make_shared<const Function>(std::move(out));
}

std::vector<WorkerPool::Work> calls(std::size_t count, const std::shared_ptr<const Function>& what,
                                    const std::shared_ptr<Ends>& ends) {
  std::vector<WorkerPool::Work> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back({what, {}, RunCompletion(ends)});
  return out;
}

}  // namespace

TEST_CASE("calls that come at one go are spread over the threads", "[worker_pool]") {
  std::barrier together(3);  // none gets past it alone
  const auto ends = std::make_shared<Ends>(3);
  WorkerPool pool(3);
  auto work = calls(3, function([&] { together.arrive_and_wait(); }), ends);
  pool.post(work);
  CHECK(work.empty());
  ends->left.wait();
  CHECK(ends->answered == 3);
}

TEST_CASE("threads that rest are woken for as many calls as come", "[worker_pool]") {
  WorkerPool pool(3);
  std::barrier together(3);
  for (int round = 0; round < 50; ++round) {
    const auto ends = std::make_shared<Ends>(6);
    auto work = calls(6, function([&] { together.arrive_and_wait(); }), ends);
    pool.post(work);
    ends->left.wait();
    REQUIRE(ends->answered == 6);
  }
}

TEST_CASE("one thread takes the calls in their order", "[worker_pool]") {
  std::vector<int> order;
  const auto ends = std::make_shared<Ends>(100);
  WorkerPool pool(1);
  std::vector<WorkerPool::Work> work;
  for (int i = 0; i < 100; ++i) {
    work.push_back({function([&order, i] { order.push_back(i); }), {}, RunCompletion(ends)});
    if (i % 7 == 0) pool.post(work);
  }
  pool.post(work);
  ends->left.wait();
  REQUIRE(order.size() == 100);
  CHECK(std::is_sorted(order.begin(), order.end()));
}

TEST_CASE("a pool that has stopped drops what comes", "[worker_pool]") {
  const auto ends = std::make_shared<Ends>(3);
  WorkerPool pool(1);
  auto work = calls(1, function([] {}), ends);
  pool.post(work);
  pool.stop();
  auto late = calls(2, function([] {}), ends);
  pool.post(late);
  CHECK(late.empty());
  ends->left.wait();
  CHECK(ends->answered + ends->dropped == 3);
  CHECK(ends->dropped >= 2);
}

TEST_CASE("runs that begin together are called on all function threads", "[worker_pool]") {
  constexpr std::size_t kRuns = 150;  // more than gather, and no multiple of that
  HostOptions options;
  options.store = memory();
  options.scheduler.max_concurrent = 200;
  options.scheduler.function_threads = 2;
  Host host(std::move(options));
  Scheduler& scheduler = host.scheduler();
  std::barrier together(2);
  std::latch ended(kRuns);
  scheduler.function("meet", [&](RunContext&, const boost::json::value&) { together.arrive_and_wait(); });
  scheduler.ensure({.id = "meet", .name = "meet", .config = call("meet"), .overlap = Overlap::allow}).value();
  const auto subscription = scheduler.on_event([&](const Event& event) {
    if (event.type == Event::Type::run_settled && event.status == Status::completed) ended.count_down();
  });
  host.start().value();
  scheduler.submit(std::vector<ExecuteRequest>(kRuns, {"meet", {}})).value();
  ended.wait();
  host.stop().value();
}

}  // namespace taskcore
