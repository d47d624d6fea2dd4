// Sleeps until the next instant or retry is due, then has the lane look. On the engine's strand. It holds one timer and
// one instant, however many tasks are stored.
#pragma once

#include <memory>
#include <optional>

#include "engine/store_lane.hpp"
#include "taskcore/clock.hpp"

namespace taskcore {

class Dispatcher {
 public:
  Dispatcher(StoreLane& lane, std::shared_ptr<Clock> clock, boost::asio::any_io_executor strand, Duration interval);

  void start();
  void stop();  ///< For good.

  /// A batch told when something is due next.
  void wake_at(const std::optional<TimePoint>& at);

 private:
  void arm(TimePoint at);
  void look();

  StoreLane& lane_;
  std::shared_ptr<Clock> clock_;
  boost::asio::any_io_executor strand_;
  std::unique_ptr<Timer> timer_;
  Duration interval_;
  std::optional<TimePoint> armed_for_{};
  bool running_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // a look that outlives the dispatcher must not touch it
};

}  // namespace taskcore
