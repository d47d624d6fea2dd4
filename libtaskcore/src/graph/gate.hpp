// Whether a waiting run may go: its dependencies, judged by facts that the engine has gathered. Pure.
#pragma once

#include <span>
#include <vector>

#include "taskcore/store.hpp"

namespace taskcore {

/// What one upstream of a waiting run looks like at present.
struct UpstreamFacts {
  TaskKey task = 0;
  bool live_before = false;  ///< It has a live run that is due at or before the waiting run.
  bool completed = false;    ///< Its newest settled run is completed.
};

/// Whether this one dependency is met.
bool edge_holds(const UpstreamFacts& upstream) noexcept;

/// Whether the waiting run may go. Always true without dependencies.
bool gate_open(TriggerRule rule, std::span<const UpstreamFacts> upstreams) noexcept;

/// The upstreams that keep the gate shut, in the given order; empty when it is open.
std::vector<TaskKey> waiting_on(TriggerRule rule, std::span<const UpstreamFacts> upstreams);

}  // namespace taskcore
