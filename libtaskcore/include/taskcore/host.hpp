// A scheduler with an Asio loop of its own: for programs that have none.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "taskcore/options.hpp"
#include "taskcore/scheduler.hpp"
#include "taskcore/store.hpp"

namespace taskcore {

struct HostOptions {
  std::unique_ptr<Store> store{};  ///< None: in memory.
  Options scheduler{};
  int threads = 1;  ///< Threads of the loop: 1 to 64. Blocking functions have threads of their own.
};

class Host {
 public:
  explicit Host(HostOptions options);
  ~Host();  ///< Stops without grace.
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  Scheduler& scheduler() noexcept;
  boost::asio::any_io_executor get_executor() const noexcept;

  Result<void> start();
  Result<void> stop(Duration grace = std::chrono::seconds(30));

  /// Starts, waits for SIGINT or SIGTERM, stops with `grace`; a second signal ends the grace. Gives the exit code for
  /// main: 0, or 1 after writing the error to standard error. The signals are taken for the time of this call only.
  int run_until_signal(Duration grace = std::chrono::seconds(30));

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace taskcore
