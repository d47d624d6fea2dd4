// Queues: what may start at the same time and how often. A task names one in TaskSpec::queue; one that nobody has set
// limits nothing but to one run at a time for each concurrency key.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "taskcore/time.hpp"

namespace taskcore {

/// At most `limit` starts of attempts in any time of length `period`. All of them may come at once; what was started is
/// remembered by the tenth of a period, so a steady flow may be up to a tenth slower, never faster.
struct Rate {
  int limit = 1;          ///< 1 to 1,000,000.
  Duration period{1000};  ///< 1 ms to 24 hours.

  bool operator==(const Rate&) const = default;
};

/// What a user says of a queue. `limit` is each node's own; keys and rates count over all nodes of a shared store.
struct QueueSpec {
  std::string name;                ///< `[A-Za-z0-9_.:-]{1,64}`.
  std::optional<int> limit{};      ///< Runs at the same time, 1 to 100,000; none: Options::queues, then max_concurrent.
  int key_limit = 1;               ///< Runs of one concurrency key at the same time, 1 to 100,000.
  std::optional<Rate> rate{};      ///< Of all its runs; none: no bound.
  std::optional<Rate> key_rate{};  ///< Of the runs of each concurrency key; none: no bound.
  bool paused = false;             ///< Nothing of it starts; what runs goes on.

  bool operator==(const QueueSpec&) const = default;
};

/// A queue and what is in it.
struct Queue : QueueSpec {
  std::optional<TimePoint> updated_at{};  ///< None: nobody has set it.
  std::size_t ready = 0;                  ///< Runs that could start but for its limits.
  std::size_t delayed = 0;                ///< Runs that wait for their time: a retry, mostly.
  std::size_t running = 0;
  std::optional<TimePoint> oldest_ready{};  ///< Since when the one of the ready runs could start that waits longest.
};

}  // namespace taskcore
