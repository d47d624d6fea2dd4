// What the kernel's timer does: a timerfd, armed for one instant of the wall clock after the other.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

namespace bench {

/// How late each of `count` wake-ups came, in microseconds; one each `period`.
std::vector<double> timer_lateness_us(std::size_t count, std::chrono::microseconds period);

}  // namespace bench
