// Whether a waiting run may go: its dependencies, judged by facts that the engine has gathered. Pure.
#pragma once

#include <span>
#include <vector>

#include "taskcore/store.hpp"

namespace taskcore {

/// How one upstream stands for a waiting run.
enum class EdgeState : std::uint8_t {
  open,       ///< It has not run yet, or has a live run that is due at or before the waiting one.
  completed,  ///< Its newest settled run is completed; live ones, if any, belong to the next round.
  failed,     ///< The newest settled run failed or was cancelled.
  mixed,      ///< The same, but some of its items completed: it counts as either.
};

constexpr EdgeState ended_edge(bool completed) noexcept { return completed ? EdgeState::completed : EdgeState::failed; }

/// The same of a settled run, which may have had items.
inline EdgeState ended_edge(const RunRow& run) noexcept {
  if (run.state == RunState::completed) return EdgeState::completed;
  return run.items_completed > 0 ? EdgeState::mixed : EdgeState::failed;
}

struct UpstreamFacts {
  TaskKey task = 0;
  EdgeState state = EdgeState::open;
};

/// What becomes of a waiting run.
enum class Verdict : std::uint8_t {
  go,
  wait,
  dependency_failed,  ///< It ends cancelled: as things stand its rule can no longer hold.
  not_needed,         ///< It ends cancelled: it was to run if something failed, and nothing did.
};

std::string_view to_string(Verdict value) noexcept;

/// Without dependencies a run goes. Where the rule can no longer hold on the present states, `on_failure` decides; but
/// an any_failed that nothing failed for is not needed, whatever that says.
Verdict judge(TriggerRule rule, OnDependencyFailure on_failure, std::span<const UpstreamFacts> upstreams) noexcept;

/// The same for a task that runs when its upstreams have run anew, where one that has not is open. Nothing is decided
/// by the failure of one while a rule about all has others to wait for: they belong to the same round.
Verdict judge_round(TriggerRule rule, OnDependencyFailure on_failure,
                    std::span<const UpstreamFacts> upstreams) noexcept;

/// The upstreams that keep the rule from holding, in the given order; empty when it holds.
std::vector<TaskKey> waiting_on(TriggerRule rule, std::span<const UpstreamFacts> upstreams);

}  // namespace taskcore
