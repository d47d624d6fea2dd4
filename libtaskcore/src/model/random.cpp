// The sources of chance: one generator, seeded by the operating system or by the caller. Not for secrets.
#include "taskcore/random.hpp"

#include <sys/random.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>

namespace taskcore {
namespace {

/// The odd number that SplitMix64 adds at each step.
constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15;

/// SplitMix64. Its state is a mere counter, so that one atomic addition makes it usable from any thread.
class SplitMix final : public Random {
 public:
  SplitMix(std::uint64_t seed, std::uint64_t step) : state_(seed), step_(step) {}

  std::uint64_t next() override {
    std::uint64_t z = state_.fetch_add(step_, std::memory_order_relaxed) + step_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }

 private:
  std::atomic<std::uint64_t> state_;
  const std::uint64_t step_;
};

}  // namespace

std::shared_ptr<Random> system_random() {
  std::array<std::uint64_t, 2> seed{};
  // Up to 256 bytes come whole once the kernel's pool is ready; before, a signal may interrupt the wait.
  while (getrandom(seed.data(), sizeof seed, 0) != static_cast<ssize_t>(sizeof seed)) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  // A step of its own keeps two generators apart even where their counters meet.
  return std::make_shared<SplitMix>(seed[0], seed[1] | 1);
}

std::shared_ptr<Random> seeded_random(std::uint64_t seed) { return std::make_shared<SplitMix>(seed, kGolden); }

}  // namespace taskcore
