// Counts of tasks, as the statistics call shows them.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace taskcore {

struct Stats {
  std::int64_t total = 0;
  std::array<std::int64_t, 5> by_status{};  ///< Indexed by Status; adds up to `total`.
  std::map<std::string, std::int64_t> by_type{};
  std::array<std::int64_t, 3> by_priority{};  ///< Indexed by Priority.
  std::int64_t running = 0;                   ///< Tasks whose status is running.
  std::int64_t scheduled = 0;                 ///< Unpaused tasks with a next instant.
  struct Runs {
    std::array<std::int64_t, 5> last_24h{};  ///< Runs created in the last 24 hours, by Status.
    std::optional<std::int64_t> p50_ms{};    ///< Of the settled ones' durations.
    std::optional<std::int64_t> p95_ms{};
  } runs{};
};

}  // namespace taskcore
