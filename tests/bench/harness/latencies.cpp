#include "harness/latencies.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <thread>

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;

double nanoseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::nano>(Clock::now() - start).count();
}

/// Two threads write the next number in turns: the one here the odd ones.
class PingPong {
 public:
  PingPong() : other_([this] { answer(); }) {}
  ~PingPong() {
    turn_ = kEnd;
    other_.join();
  }
  PingPong(const PingPong&) = delete;
  PingPong& operator=(const PingPong&) = delete;

  double turns(int count) {
    const auto start = Clock::now();
    for (int i = 0; i < count; ++i) {
      turn_ = 1;
      while (turn_ != 0) {
      }
    }
    return nanoseconds_since(start) / (2.0 * count);
  }

 private:
  static constexpr int kEnd = 2;

  void answer() {
    for (int seen = turn_; seen != kEnd; seen = turn_) {
      if (seen == 1) turn_ = 0;
    }
  }

  std::atomic<int> turn_{0};
  std::thread other_;
};

}  // namespace

double core_to_core_ns() {
  if (std::thread::hardware_concurrency() < 2) return 0;
  PingPong game;
  std::array<double, 11> tries{};
  for (double& one : tries) one = game.turns(10000);
  std::nth_element(tries.begin(), tries.begin() + tries.size() / 2, tries.end());
  return tries[tries.size() / 2];
}

double page_fault_us() {
  constexpr std::size_t kPages = 4096;
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  void* const memory = ::mmap(nullptr, kPages * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return 0;
  ::madvise(memory, kPages * page, MADV_NOHUGEPAGE);
  const auto start = Clock::now();
  for (std::size_t i = 0; i < kPages; ++i) static_cast<volatile char*>(memory)[i * page] = 1;
  const double each = nanoseconds_since(start) / 1000 / kPages;
  ::munmap(memory, kPages * page);
  return each;
}

}  // namespace bench
