// A scheduler whose time and work move only when told: for deterministic tests of a host's own tasks.
#pragma once

#include <memory>

#include "taskcore/scheduler.hpp"
#include "taskcore/testing/virtual_clock.hpp"

namespace taskcore::testing {

struct ManualHostOptions {
  std::unique_ptr<Store> store{};  ///< None: in memory.
  Options scheduler{};             ///< Its clock, store_inline and function_threads are set by the host.
  std::shared_ptr<VirtualClock> clock{};
  std::uint64_t seed = 1;
};

/// One thread does everything, in a fixed order. Blocking functions are called inline. Not thread-safe.
class ManualHost {
 public:
  explicit ManualHost(ManualHostOptions options = {});
  ~ManualHost();  ///< Drops everything as a crash would: nothing is stopped or settled.
  ManualHost(const ManualHost&) = delete;
  ManualHost& operator=(const ManualHost&) = delete;

  /// The verbs' blocking forms may be called here: they do the waiting work in place.
  Scheduler& scheduler() noexcept;
  VirtualClock& clock() noexcept;
  boost::asio::any_io_executor get_executor() const noexcept;

  Result<void> start();

  /// Moves the clock on step by step, from one timer to the next, doing all the work that falls due at each.
  void advance(Duration by);

  /// Does the work that is ready, without moving the clock. Gives how many handlers ran.
  std::size_t settle();

  /// Runs at most one handler; false when there was none. For simulations that stop between any two steps.
  bool step();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace taskcore::testing
