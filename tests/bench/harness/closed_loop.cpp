#include "harness/closed_loop.hpp"

#include <boost/asio/post.hpp>
#include <future>
#include <stdexcept>
#include <utility>
#include <vector>

#include "harness/measure.hpp"
#include "taskcore/host.hpp"

namespace bench {
namespace {

namespace json = boost::json;

/// All of it lives on the host's one loop thread.
class Driver {
 public:
  Driver(taskcore::Scheduler& scheduler, const Loop& loop) : scheduler_(scheduler), loop_(loop) {}

  /// From another thread. Waits for the last life's end and gives the seconds.
  double run() {
    auto ended = ended_.get_future();
    const auto subscription = scheduler_.on_event([this](const taskcore::Event& event) { on_event(event); });
    const auto start = now();
    boost::asio::post(scheduler_.get_executor(), [this] { fill(); });
    const std::chrono::seconds patience(300 + loop_.total / 10000);
    if (ended.wait_for(patience) != std::future_status::ready) throw std::runtime_error("the loop hangs");
    ended.get();
    return seconds_since(start);
  }

 private:
  void on_event(const taskcore::Event& event) {
    if (event.type != taskcore::Event::Type::run_settled) return;
    if (event.status != taskcore::Status::completed) return fail("a run did not complete");
    ++settled_;
    if (settled_ % 1000 == 0 && loop_.on_thousand) loop_.on_thousand(settled_);
    if (settled_ == loop_.total) return ended_.set_value();
    fill();
  }

  void fill() {
    while (submitted_ < loop_.total && submitted_ - settled_ + loop_.batch <= loop_.in_flight) submit();
  }

  void submit() {
    if (loop_.submission == Submission::batches) {
      std::vector<taskcore::ExecuteRequest> batch(loop_.batch);
      for (auto& request : batch) request = {"bench", params()};
      scheduler_.async_submit(std::move(batch), [this](const auto& ids) { check(ids); });
      submitted_ += loop_.batch;  // The sizes are multiples of it.
      return;
    }
    ++submitted_;
    if (loop_.submission == Submission::single) {
      scheduler_.async_execute("bench", params(), nullptr, [this](const auto& run) { check(run); });
      return;
    }
    taskcore::TaskSpec spec{
        .name = "bench", .config = taskcore::call("nothing", {{"payload", payload()}}), .schedule = "now"};
    scheduler_.async_create(std::move(spec), {}, [this](const auto& task) { check(task); });
  }

  template <class T>
  void check(const taskcore::Result<T>& result) {
    if (!result) fail(result.error().detail);
  }

  void fail(const std::string& why) {
    if (!std::exchange(failed_, true)) ended_.set_exception(std::make_exception_ptr(std::runtime_error(why)));
  }

  static json::value params() { return json::object{{"payload", payload()}}; }

  taskcore::Scheduler& scheduler_;
  const Loop loop_;
  std::size_t submitted_ = 0;
  std::size_t settled_ = 0;
  bool failed_ = false;
  std::promise<void> ended_{};
};

}  // namespace

const std::string& payload() {
  static const std::string text(200, 'x');
  return text;
}

taskcore::Options throughput_options() {
  taskcore::Options options;
  options.max_concurrent = 4096;
  options.function_threads = 1;
  return options;
}

double lives_per_second(std::unique_ptr<taskcore::Store> store, const Loop& loop) {
  taskcore::HostOptions options;
  options.store = std::move(store);
  options.scheduler = loop.options;
  std::unique_ptr<Driver> driver;  // It outlives the host, which may still answer it when a round has failed.
  taskcore::Host host(std::move(options));
  auto& scheduler = host.scheduler();
  driver = std::make_unique<Driver>(scheduler, loop);
  if (loop.prepare) loop.prepare(scheduler);
  scheduler.function("nothing", [](taskcore::RunContext&, const json::value&) {});
  scheduler.ensure({.id = "bench", .name = "bench", .config = loop.config, .overlap = taskcore::Overlap::allow})
      .value();
  host.start().value();
  const double seconds = driver->run();
  host.stop().value();
  return static_cast<double>(loop.total) / seconds;
}

}  // namespace bench
