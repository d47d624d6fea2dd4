// The seam of time. The engine reads no other clock, so a virtual one (testing/virtual_clock.hpp) drives the real
// engine.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "taskcore/time.hpp"

namespace taskcore {

/// One timer that is armed for one instant at a time. Used on one executor only; destroying it disarms it.
class Timer {
 public:
  virtual ~Timer() = default;

  /// Runs `fire` once on the timer's executor when the wall clock reads `at` or later. It may also fire early
  /// when the wall clock was set; so the callee looks at the clock again. Arming replaces what was armed before.
  virtual void arm_at(TimePoint at, std::function<void()> fire) = 0;

  /// Runs `fire` once after `delay` of monotonic time.
  virtual void arm_after(Duration delay, std::function<void()> fire) = 0;

  virtual void disarm() noexcept = 0;
};

/// Wall and monotonic time, and timers on both. Usable from any thread.
class Clock {
 public:
  virtual ~Clock() = default;

  /// The wall clock. It may jump, either way.
  virtual TimePoint now() const = 0;

  /// Never goes back; its zero means nothing.
  virtual std::chrono::nanoseconds monotonic() const = 0;

  virtual std::unique_ptr<Timer> make_timer(boost::asio::any_io_executor executor) = 0;
};

/// The machine's clock: CLOCK_REALTIME and CLOCK_MONOTONIC, timers by timerfd, which notices a set clock and a suspend.
std::shared_ptr<Clock> system_clock();

}  // namespace taskcore
