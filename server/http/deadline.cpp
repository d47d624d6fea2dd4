// Deadline: see deadline.hpp.
#include "http/deadline.hpp"

namespace taskd {

void Deadline::set(Clock::time_point at) {
  if (stopped_) return;
  at_ = at;
  if (waits_for_ <= at) return;
  waits_for_ = at;
  timer_.expires_at(at);
  timer_.async_wait([this, owner = owner_.lock()](const boost::system::error_code& ec) {
    if (!ec && !stopped_) fired();
  });
}

void Deadline::fired() {
  waits_for_ = Clock::time_point::max();
  if (at_ == Clock::time_point::max()) return;
  if (Clock::now() < at_) return set(at_);
  clear();
  missed_();
}

void Deadline::stop() {
  stopped_ = true;
  timer_.cancel();
}

}  // namespace taskd
