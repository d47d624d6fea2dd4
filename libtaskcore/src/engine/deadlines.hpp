// Many deadlines on one timer: attempts' timeouts and callers' waits. On the engine's strand.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "taskcore/clock.hpp"

namespace taskcore {

class Deadlines {
  using Queue = std::multimap<std::chrono::nanoseconds, std::function<void()>>;

 public:
  /// What `add` gave; good until it fired or was removed.
  using Ticket = Queue::iterator;

  Deadlines(std::shared_ptr<Clock> clock, boost::asio::any_io_executor executor)
      : clock_(std::move(clock)), timer_(clock_->make_timer(std::move(executor))) {}

  Ticket add(Duration after, std::function<void()> fire) {
    const auto ticket = queue_.emplace(clock_->monotonic() + after, std::move(fire));
    if (ticket == queue_.begin()) arm();
    return ticket;
  }

  /// The timer is left as it is: it fires once for nothing at the most.
  void remove(Ticket ticket) { queue_.erase(ticket); }

  /// Nothing fires any more.
  void close() {
    queue_.clear();
    timer_.reset();
  }

 private:
  void arm() {
    const auto first = queue_.begin()->first;
    if (!timer_ || (armed_for_ && *armed_for_ <= first)) return;
    armed_for_ = first;
    timer_->arm_after(std::chrono::ceil<Duration>(first - clock_->monotonic()), [this] { expire(); });
  }

  void expire() {
    armed_for_.reset();
    const auto now = clock_->monotonic();
    while (!queue_.empty() && queue_.begin()->first <= now) {
      const auto fire = std::move(queue_.begin()->second);
      queue_.erase(queue_.begin());
      fire();
    }
    if (!queue_.empty()) arm();
  }

  std::shared_ptr<Clock> clock_;
  std::unique_ptr<Timer> timer_;
  Queue queue_{};
  std::optional<std::chrono::nanoseconds> armed_for_{};
};

}  // namespace taskcore
