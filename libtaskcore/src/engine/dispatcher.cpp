#include "engine/dispatcher.hpp"

#include <boost/asio/post.hpp>

namespace taskcore {

Dispatcher::Dispatcher(StoreLane& lane, std::shared_ptr<Clock> clock, boost::asio::any_io_executor strand,
                       Duration interval)
    : lane_(lane), clock_(std::move(clock)), strand_(strand), timer_(clock_->make_timer(strand)), interval_(interval) {}

void Dispatcher::start() {
  running_ = true;
  arm(clock_->now() + interval_);
  look();
}

void Dispatcher::stop() {
  running_ = false;
  timer_.reset();
  armed_for_.reset();
}

void Dispatcher::wake_at(const std::optional<TimePoint>& at) {
  if (!running_ || !at) return;
  if (armed_for_ && *armed_for_ <= *at) return;
  arm(*at);
}

void Dispatcher::arm(TimePoint at) {
  armed_for_ = at;
  timer_->arm_at(at, [this] { look(); });
}

/// The batch itself turns what is due into runs; all that is asked of it is to take place. Its report arms the timer
/// anew.
void Dispatcher::look() {
  if (!running_) return;
  arm(clock_->now() + interval_);
  lane_.call<void>(
      [](Ledger& ledger) -> Result<void> {
        ledger.look_again();
        return {};
      },
      [this, strand = strand_, clock = clock_, alive = std::weak_ptr<bool>(alive_)](Result<void> looked) {
        if (looked) return;
        // The store is in trouble: look again in a while rather than at the next interval.
        boost::asio::post(strand, [this, clock, alive] {
          if (alive.lock() && running_) wake_at(clock->now() + Duration(1000));
        });
      },
      true);
}

}  // namespace taskcore
