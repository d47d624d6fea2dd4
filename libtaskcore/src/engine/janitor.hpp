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
  /// What one batch did.
  struct Swept {
    RunKey next_run = 0;  ///< Where to go on with runs.
    bool more = false;    ///< Anything may be left to do.
    bool full = false;    ///< Much is: the batch took nearly all that it may.
    bool spent = false;   ///< Spent once-tasks are left.
  };
  static Swept sweep_some(Ledger& ledger, const Retention& retention, RunKey after, bool spent, std::size_t rows);
  void go_on(const Swept& swept);
  void arm(Duration delay);
  void sweep();

  StoreLane& lane_;
  boost::asio::any_io_executor strand_;
  std::unique_ptr<Timer> timer_;
  Retention retention_;
  std::size_t rows_;  ///< Of the next batch.
  RunKey next_run_ = 0;
  bool spent_left_ = false;
  bool running_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace taskcore
