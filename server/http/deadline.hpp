// The one deadline of a connection. It moves with every request, so setting it must cost next to nothing: the timer
// behind it is set anew only when the new deadline is sooner than what it waits for, and looks again when it fires.
#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>
#include <functional>
#include <memory>

namespace taskd {

class Deadline {
 public:
  using Executor = boost::asio::strand<boost::asio::io_context::executor_type>;
  using Clock = std::chrono::steady_clock;

  /// All calls on `executor`. `missed` is called there; `owner` is kept alive while the timer waits.
  explicit Deadline(const Executor& executor) : timer_(executor) {}
  void on_missed(std::weak_ptr<void> owner, std::function<void()> missed) {
    owner_ = std::move(owner);
    missed_ = std::move(missed);
  }

  void set(Clock::time_point at);
  void set_in(std::chrono::milliseconds time) { set(Clock::now() + time); }
  void clear() { at_ = Clock::time_point::max(); }

  /// For good.
  void stop();

 private:
  void fired();

  boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor> timer_;
  std::weak_ptr<void> owner_;
  std::function<void()> missed_;
  Clock::time_point at_ = Clock::time_point::max();
  Clock::time_point waits_for_ = Clock::time_point::max();  ///< When the timer fires; max when it is not set.
  bool stopped_ = false;
};

}  // namespace taskd
