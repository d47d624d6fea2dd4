// The rules by which dependencies are met: see gate.hpp. Each rule says which upstreams it misses; none missed, all
// met.
#include "graph/gate.hpp"

#include <algorithm>

namespace taskcore {

// A live run that is due later than the waiting one belongs to the next round and does not count.
bool edge_holds(const UpstreamFacts& upstream) noexcept { return upstream.completed && !upstream.live_before; }

bool gate_open(TriggerRule rule, std::span<const UpstreamFacts> upstreams) noexcept {
  switch (rule) {
    case TriggerRule::all_completed:
      return std::all_of(upstreams.begin(), upstreams.end(), edge_holds);
  }
  return false;
}

std::vector<TaskKey> waiting_on(TriggerRule rule, std::span<const UpstreamFacts> upstreams) {
  std::vector<TaskKey> missed;
  if (gate_open(rule, upstreams)) return missed;
  for (const UpstreamFacts& upstream : upstreams) {
    if (!edge_holds(upstream)) missed.push_back(upstream.task);
  }
  return missed;
}

}  // namespace taskcore
