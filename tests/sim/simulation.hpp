// One seed, one run: the real engine on one thread under a virtual clock, with users, executors and a store that
// misbehave as the seed says. Whatever goes wrong is found again by the same seed.
#pragma once

#include <cstdint>
#include <string>

#include "sim/setup.hpp"

namespace taskcore::sim {

struct Report {
  std::string violation{};  ///< Empty: every promise was kept.
  std::string trace{};      ///< The last lines of what happened.
  std::uint64_t hash = 0;   ///< Over all that happened.
  int steps = 0;
  std::size_t tasks = 0;
  std::size_t runs = 0;
  std::size_t attempts = 0;
  int lives = 0;    ///< Hosts that were started.
  int faults = 0;   ///< Injected into the store.
  int answers = 0;  ///< To users.
};

Report simulate(const Setup& setup);

}  // namespace taskcore::sim
