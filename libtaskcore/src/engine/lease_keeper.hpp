// On a store that several nodes share: says in the store that this node is alive, and takes over what dead nodes left
// running. A node whose own lease ran out unnoticed is fenced: its late writers find another fence. On the engine's
// strand.
#pragma once

#include <memory>

#include "engine/store_lane.hpp"
#include "taskcore/clock.hpp"

namespace taskcore {

class LeaseKeeper {
 public:
  LeaseKeeper(StoreLane& lane, std::shared_ptr<Clock> clock, boost::asio::any_io_executor strand, Duration lease);
  void start();
  void stop();  ///< For good.

 private:
  void beat();

  StoreLane& lane_;
  boost::asio::any_io_executor strand_;
  std::unique_ptr<Timer> timer_;
  Duration lease_;
  bool running_ = false;
};

}  // namespace taskcore
