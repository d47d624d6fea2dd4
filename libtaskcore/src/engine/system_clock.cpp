// The machine's clock. A wall timer is a timerfd that ends early when someone sets the clock; so a jump is noticed at
// once and a suspended machine catches up when it wakes. A delay is a plain steady timer.
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include "taskcore/clock.hpp"

namespace taskcore {

namespace asio = boost::asio;

namespace {

int open_timerfd() {
  const int fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "timerfd_create");
  return fd;
}

itimerspec absolute(TimePoint at) {
  // Zero would disarm: what is due since 1970 is due since one millisecond later.
  const auto ms = std::max(at.time_since_epoch(), Duration(1));
  const auto seconds = std::chrono::floor<std::chrono::seconds>(ms);
  itimerspec spec{};
  spec.it_value.tv_sec = static_cast<time_t>(seconds.count());
  spec.it_value.tv_nsec = static_cast<long>(std::chrono::nanoseconds(ms - seconds).count());
  return spec;
}

/// What a timer and its pending wait share. Each arming has a number of its own: a wait that comes back with an old
/// one, or after the timer is gone, finds that it is no longer meant.
class Alarm : public std::enable_shared_from_this<Alarm> {
 public:
  explicit Alarm(const asio::any_io_executor& executor) : wall_(executor, open_timerfd()), delay_(executor) {}

  void arm_at(TimePoint at, std::function<void()> fire) {
    const std::uint64_t number = rearm(std::move(fire));
    const itimerspec spec = absolute(at);
    if (timerfd_settime(wall_.native_handle(), TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &spec, nullptr) == 0) {
      wait(number);
    } else {
      // ECANCELED: the clock was set this very moment. Whatever it is, the callee looks at the clock again.
      asio::post(wall_.get_executor(), [self = shared_from_this(), number] { self->fire(number); });
    }
  }

  void arm_after(Duration delay, std::function<void()> fire) {
    const std::uint64_t number = rearm(std::move(fire));
    delay_.expires_after(delay);
    delay_.async_wait([self = shared_from_this(), number](const boost::system::error_code& error) {
      if (!error) self->fire(number);
    });
  }

  void disarm() noexcept {
    ++number_;
    fire_ = nullptr;
    boost::system::error_code ignored;
    wall_.cancel(ignored);
    try {
      delay_.cancel();
    } catch (const boost::system::system_error&) {
      // Its number is old: should it still come back, it does nothing.
    }
  }

 private:
  std::uint64_t rearm(std::function<void()> fire) {
    disarm();
    fire_ = std::move(fire);
    return number_;
  }

  void wait(std::uint64_t number) {
    wall_.async_wait(asio::posix::descriptor_base::wait_read,
                     [self = shared_from_this(), number](const boost::system::error_code& error) {
                       if (!error) self->woken(number);
                     });
  }

  void woken(std::uint64_t number) {
    if (number != number_) return;
    std::uint64_t expirations = 0;
    const ssize_t size = ::read(wall_.native_handle(), &expirations, sizeof expirations);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
      wait(number);  // Woken by an earlier arming.
    } else {
      fire(number);  // Expired, or ECANCELED: the clock was set.
    }
  }

  void fire(std::uint64_t number) {
    if (number != number_) return;
    if (auto due = std::exchange(fire_, nullptr)) due();
  }

  asio::posix::stream_descriptor wall_;
  asio::steady_timer delay_;
  std::function<void()> fire_{};
  std::uint64_t number_ = 0;
};

class SystemTimer final : public Timer {
 public:
  explicit SystemTimer(const asio::any_io_executor& executor) : alarm_(std::make_shared<Alarm>(executor)) {}
  ~SystemTimer() override { alarm_->disarm(); }

  void arm_at(TimePoint at, std::function<void()> fire) override { alarm_->arm_at(at, std::move(fire)); }
  void arm_after(Duration delay, std::function<void()> fire) override { alarm_->arm_after(delay, std::move(fire)); }
  void disarm() noexcept override { alarm_->disarm(); }

 private:
  std::shared_ptr<Alarm> alarm_;
};

class SystemClock final : public Clock {
 public:
  TimePoint now() const override { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

  std::chrono::nanoseconds monotonic() const override { return std::chrono::steady_clock::now().time_since_epoch(); }

  std::unique_ptr<Timer> make_timer(asio::any_io_executor executor) override {
    return std::make_unique<SystemTimer>(executor);
  }
};

}  // namespace

std::shared_ptr<Clock> system_clock() { return std::make_shared<SystemClock>(); }

}  // namespace taskcore
