// How the child tells: one write(2) a line to its standard output, from any thread; whole or not at all.
#pragma once

#include <unistd.h>

#include <chrono>
#include <string>

#include "crash/ledger.hpp"

namespace taskcore::soak {

using Steady = std::chrono::steady_clock;

inline void tell(char what, const std::string& rest) { crash::LedgerFile::put(STDOUT_FILENO, what, rest); }

inline std::int64_t microseconds(Steady::duration time) {
  return std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::microseconds>(time).count());
}

inline void tell_latency(const char* kind, std::int64_t us) { tell('L', kind + (" " + std::to_string(us))); }

}  // namespace taskcore::soak
