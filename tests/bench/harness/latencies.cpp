#include "harness/latencies.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <thread>
#include <utility>
#include <vector>

#include "harness/measure.hpp"

namespace bench {
namespace {

/// Two threads that write to one line of cache in turns: the one here sets `turn_`, the other clears it.
class PingPong {
 public:
  PingPong() : other_([this] { answer(); }) {}
  ~PingPong() {
    turn_ = kEnd;
    other_.join();
  }
  PingPong(const PingPong&) = delete;
  PingPong& operator=(const PingPong&) = delete;

  /// Seconds for so many turns, of two writes each.
  double turns(int count) {
    const SteadyTime start = now();
    for (int i = 0; i < count; ++i) {
      turn_ = 1;
      while (turn_ != 0) {
      }
    }
    return seconds_since(start);
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
  constexpr int kTurns = 10000;
  PingPong game;
  std::vector<double> tries;
  for (int i = 0; i < 11; ++i) tries.push_back(game.turns(kTurns) / (2 * kTurns) * 1e9);
  return percentile(std::move(tries), 0.5);
}

double page_fault_us() {
  constexpr std::size_t kPages = 4096;
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  void* const memory = ::mmap(nullptr, kPages * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return 0;
  ::madvise(memory, kPages * page, MADV_NOHUGEPAGE);
  const SteadyTime start = now();
  for (std::size_t i = 0; i < kPages; ++i) static_cast<volatile char*>(memory)[i * page] = 1;
  const double each = seconds_since(start) / kPages * 1e6;
  ::munmap(memory, kPages * page);
  return each;
}

}  // namespace bench
