// A program with an Asio loop of its own takes a scheduler into it: one io_context, the program's threads, its signals.
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <iostream>
#include <syncstream>
#include <taskcore/taskcore.hpp>
#include <thread>
#include <utility>

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

/// A task's function as a coroutine: it runs on the program's loop and holds no thread while it waits.
asio::awaitable<json::value> measure(taskcore::RunContext& run, const json::value& params) {
  asio::steady_timer timer(co_await asio::this_coro::executor, 200ms);
  co_await timer.async_wait(asio::use_awaitable);
  run.log(taskcore::LogLevel::info, "measured");
  json::object result;
  result["sensor"] = params.at("sensor");
  result["celsius"] = 21.5;
  co_return json::value(std::move(result));
}

/// Makes the task and runs it once by hand. What is passed to a call in a `co_await` is a named variable that is moved:
/// GCC 12 destroys an unnamed aggregate there twice.
asio::awaitable<void> set_up(taskcore::Scheduler& scheduler) {
  taskcore::TaskSpec spec{.id = "measure",
                          .name = "Measure",
                          .config = taskcore::call("measure", {{"sensor", "attic"}}),
                          .schedule = "every 2 seconds"};
  taskcore::CreateOptions options{.created_by = "embed_in_asio_app"};
  const auto task = co_await scheduler.async_ensure(std::move(spec), std::move(options), asio::use_awaitable);
  if (!task) throw taskcore::ResultError(task.error());

  const auto run = co_await scheduler.async_execute(task->id, json::value(), nullptr, asio::use_awaitable);
  if (!run) throw taskcore::ResultError(run.error());
  const auto ended = co_await scheduler.async_wait(run->id, 10s, asio::use_awaitable);
  if (!ended) throw taskcore::ResultError(ended.error());
  std::osyncstream(std::cout) << "by hand: " << taskcore::to_string(ended->status) << ", " << ended->result
                              << std::endl;
}

}  // namespace

int main() {
  asio::io_context io;
  taskcore::Options options;
  options.timezone = "Europe/Berlin";
  taskcore::Scheduler scheduler(io.get_executor(), taskcore::sqlite("measures.db"), options);
  scheduler.function("measure", &measure);

  int exit_code = 0;
  asio::signal_set signals(io, SIGINT, SIGTERM);
  std::atomic_flag ending;
  const auto end = [&](int code) {
    if (ending.test_and_set()) return;
    exit_code = code;
    signals.cancel();
    // Runs get five seconds; when all is settled and closed nothing is left in the loop, so `run` below returns.
    scheduler.async_stop(5s, [](taskcore::Result<void> stopped) {
      if (!stopped) std::cerr << stopped.error() << std::endl;
    });
  };
  signals.async_wait([&](const boost::system::error_code& cancelled, int) {
    if (!cancelled) end(0);
  });

  // Events come after the commit, on the loop.
  const auto subscription = scheduler.on_event([](const taskcore::Event& event) {
    if (event.type != taskcore::Event::Type::run_settled) return;
    std::osyncstream(std::cout) << event.run_id << ' ' << taskcore::to_string(event.status) << std::endl;
  });

  scheduler.async_start([&](taskcore::Result<void> started) {
    if (!started) {
      std::cerr << started.error() << std::endl;
      return end(1);
    }
    asio::co_spawn(io, set_up(scheduler), [&](std::exception_ptr failed) {
      if (!failed) return;
      try {
        std::rethrow_exception(failed);
      } catch (const std::exception& error) {
        std::cerr << error.what() << std::endl;
      }
      end(1);
    });
  });

  std::jthread second([&] { io.run(); });
  io.run();
  second.join();
  return exit_code;
}
