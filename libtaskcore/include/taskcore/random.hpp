// The seam of chance: ids and jitter draw from here, so that one seed reproduces a run.
#pragma once

#include <cstdint>
#include <memory>

namespace taskcore {

class Random {
 public:
  virtual ~Random() = default;
  /// 64 evenly spread bits. Usable from any thread.
  virtual std::uint64_t next() = 0;
};

/// Seeded from the operating system.
std::shared_ptr<Random> system_random();

/// The same sequence for the same seed (SplitMix64).
std::shared_ptr<Random> seeded_random(std::uint64_t seed);

}  // namespace taskcore
