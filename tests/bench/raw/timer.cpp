#include "raw/timer.hpp"

#include <sys/timerfd.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>

namespace bench {

std::vector<double> timer_lateness_us(std::size_t count, std::chrono::microseconds period) {
  using Clock = std::chrono::system_clock;
  const int timer = ::timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC);
  if (timer < 0) throw std::runtime_error("cannot make a timerfd");
  std::vector<double> late_us;
  auto due =
      std::chrono::ceil<std::chrono::milliseconds>(Clock::now() + std::chrono::milliseconds(10)).time_since_epoch();
  std::chrono::nanoseconds at = due;
  for (std::size_t i = 0; i < count; ++i, at += period) {
    itimerspec spec{};
    spec.it_value.tv_sec = static_cast<time_t>(at.count() / 1'000'000'000);
    spec.it_value.tv_nsec = static_cast<long>(at.count() % 1'000'000'000);
    std::uint64_t fired = 0;
    if (::timerfd_settime(timer, TFD_TIMER_ABSTIME, &spec, nullptr) != 0) break;
    if (::read(timer, &fired, sizeof fired) != sizeof fired) break;
    late_us.push_back(std::chrono::duration<double, std::micro>(Clock::now().time_since_epoch() - at).count());
  }
  ::close(timer);
  if (late_us.size() != count) throw std::runtime_error("the timerfd failed");
  return late_us;
}

}  // namespace bench
