// A clock that stands still until it is told to move: a day of schedules runs in milliseconds, the same each time.
#pragma once

#include <memory>
#include <optional>

#include "taskcore/clock.hpp"

namespace taskcore::testing {

class VirtualClock : public Clock {
 public:
  explicit VirtualClock(TimePoint start = TimePoint(std::chrono::days(20000)));
  ~VirtualClock() override;

  TimePoint now() const override;
  std::chrono::nanoseconds monotonic() const override;
  std::unique_ptr<Timer> make_timer(boost::asio::any_io_executor executor) override;

  /// The delay to the next armed timer, of either kind; none when nothing is armed.
  std::optional<Duration> next_timer() const;

  /// Moves wall and monotonic time on and posts the timers that are then due to their executors, in order of time.
  void advance(Duration by);

  /// Sets the wall clock alone, either way; timers on the wall clock fire early, as on a real machine.
  void jump(Duration by);

  /// From now on the wall clock goes that many parts in a million faster than the monotonic one; less than 0: slower.
  void drift(int parts_per_million);

  struct State;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace taskcore::testing
