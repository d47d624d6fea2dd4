// Memory that runs out at the nth allocation: SQLite's, or the program's own. To be linked once into a program, which
// then allocates by way of it.
#pragma once

#include <cstdint>

namespace taskcore::faults {

enum class Memory { sqlite, program };

/// While it lives, the `nth` allocation of this thread fails, once or with all that follow. One at a time.
class FailingAllocation {
 public:
  FailingAllocation(Memory memory, std::uint64_t nth, bool from_then_on = false);
  ~FailingAllocation();
  FailingAllocation(const FailingAllocation&) = delete;
  FailingAllocation& operator=(const FailingAllocation&) = delete;

  bool has_failed() const noexcept;
};

/// What SQLite has and has not given back.
long sqlite_bytes() noexcept;

}  // namespace taskcore::faults
