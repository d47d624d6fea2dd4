// Prunes what is past its retention, in small batches, with the lane free in between. On the engine's strand.
#pragma once

#include <memory>

#include "engine/store_lane.hpp"
#include "taskcore/clock.hpp"
#include "taskcore/options.hpp"

namespace taskcore {

class Janitor {
 public:
  Janitor(StoreLane& lane, std::shared_ptr<Clock> clock, boost::asio::any_io_executor strand, Retention retention);
  void start();
  void stop();  ///< For good.

 private:
  void arm(Duration delay);
  void sweep();

  StoreLane& lane_;
  boost::asio::any_io_executor strand_;
  std::unique_ptr<Timer> timer_;
  Retention retention_;
  RunKey next_run_ = 0;
  bool running_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace taskcore
