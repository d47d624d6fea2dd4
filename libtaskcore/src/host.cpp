#include "taskcore/host.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <condition_variable>
#include <csignal>
#include <iostream>
#include <mutex>
#include <thread>
#include <vector>

#include "taskcore/stores/memory.hpp"

namespace taskcore {

struct Host::Impl {
  explicit Impl(HostOptions options)
      : scheduler(io.get_executor(), options.store ? std::move(options.store) : memory(),
                  std::move(options.scheduler)) {
    const int count = std::clamp(options.threads, 1, 64);
    for (int i = 0; i < count; ++i) threads.emplace_back([this] { io.run(); });
  }

  ~Impl() {
    static_cast<void>(scheduler.stop(Duration(0)));
    work.reset();
    io.stop();
    for (std::thread& thread : threads) thread.join();
  }

  boost::asio::io_context io{};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  Scheduler scheduler;
  std::vector<std::thread> threads{};
};

Host::Host(HostOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Host::~Host() = default;

Scheduler& Host::scheduler() noexcept { return impl_->scheduler; }
boost::asio::any_io_executor Host::get_executor() const noexcept { return impl_->io.get_executor(); }
Result<void> Host::start() { return impl_->scheduler.start(); }
Result<void> Host::stop(Duration grace) { return impl_->scheduler.stop(grace); }

int Host::run_until_signal(Duration grace) {
  boost::asio::io_context signals_io;
  boost::asio::signal_set signals(signals_io, SIGINT, SIGTERM);
  if (auto started = start(); !started) {
    std::cerr << started.error() << '\n';
    return 1;
  }
  signals.async_wait([](const boost::system::error_code&, int) {});
  signals_io.run();

  // A second signal ends the grace.
  signals_io.restart();
  signals.async_wait([this](const boost::system::error_code& cancelled, int) {
    if (!cancelled) impl_->scheduler.hurry();
  });
  std::thread watcher([&] { signals_io.run(); });
  const auto stopped = stop(grace);
  boost::asio::post(signals_io, [&] { signals.cancel(); });
  watcher.join();
  if (stopped) return 0;
  std::cerr << stopped.error() << '\n';
  return 1;
}

}  // namespace taskcore
