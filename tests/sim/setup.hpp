// What one simulation is made of, and its form as a command line.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace taskcore::sim {

enum class StoreKind {
  memory,
  sqlite,
  shared,     ///< In memory, shared by several nodes: leases tell who is alive.
  power_cut,  ///< SQLite on a disk whose power goes when a process dies.
};

const char* to_string(StoreKind kind) noexcept;
/// Of one of these words; memory for any other.
StoreKind store_kind(std::string_view word) noexcept;

/// What may be left out of a simulation, to see whether it fails all the same: faults, what befalls the nodes, and what
/// users do.
enum class Spice {
  refused,
  unknown,
  crash,
  slow,
  drift,
  jump,
  still,
  stop,
  die,
  outage,
  edit,
  remove,
  run,
  cancel,
  wait,
  pause,
  read
};

inline constexpr std::array kSpices{
    "refused", "unknown", "crash",  "slow", "drift",  "jump", "still", "stop", "die",
    "outage",  "edit",    "remove", "run",  "cancel", "wait", "pause", "read",
};

struct Setup {
  std::uint64_t seed = 1;
  int steps = 1500;
  StoreKind store = StoreKind::memory;
  std::uint32_t without = 0;  ///< A bit for each Spice.
  bool loses_ends = false;    ///< A store that is broken on purpose: some ends of attempts are not written.

  bool has(Spice spice) const { return (without >> static_cast<unsigned>(spice) & 1U) == 0; }
  void leave_out(Spice spice) { without |= 1U << static_cast<unsigned>(spice); }
};

/// As the variables TASKCORE_SIM_SEED, _STEPS, _STORE and _WITHOUT (names of spices, with commas) say.
Setup setup_of_environment();

/// The command line that repeats it.
std::string command_line(const Setup& setup);

}  // namespace taskcore::sim
