// Refused attempts in the audit trail: a token that is no good, a role or a relation that does not suffice, a change of
// something that the caller may not even see. Nobody waits for these rows, and a flood of refusals makes few of them.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "api/api.hpp"

namespace taskd {

/// Which refusals get a row of their own. In a minute the first of each key does, up to `kMostRows` of all keys;
/// the others are counted, and told by a later row. Pure but for its lock; in bounded memory.
class RefusalPace {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::size_t kMostRows = 300;

  struct Uncounted {
    std::size_t repeated = 0;  ///< Refusals of this key in the minute before that got no row.
    std::size_t others = 0;    ///< Of all keys, that no row has told of yet.
  };

  /// None: no row.
  std::optional<Uncounted> take(const std::string& key, Time now);

 private:
  using Counts = std::unordered_map<std::string, std::size_t>;

  std::mutex mutex_;
  std::optional<Time> began_;  ///< The minute.
  Counts now_;                 ///< Of those that have a row in it: what came after that.
  Counts before_;              ///< The same of the minute before.
  std::size_t others_ = 0;
};

/// "task.execute" for POST /api/tasks/:id/execute, "audit.read" for GET /api/audit.
std::string action_of(const Request& request);

Handler with_refusals_recorded(Handler next, ApiPtr api);

}  // namespace taskd
