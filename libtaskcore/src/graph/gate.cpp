// The truth table of trigger rules: see gate.hpp. All of it hangs on how many upstreams stand how.
#include "graph/gate.hpp"

#include <algorithm>

namespace taskcore {
namespace {

struct Counts {
  std::size_t open = 0;
  std::size_t completed = 0;
  std::size_t failed = 0;
};

Counts count(std::span<const UpstreamFacts> upstreams) noexcept {
  Counts out;
  for (const auto& [task, state] : upstreams) {
    out.open += state == EdgeState::open ? 1 : 0;
    out.completed += state == EdgeState::completed || state == EdgeState::mixed ? 1 : 0;
    out.failed += state == EdgeState::failed || state == EdgeState::mixed ? 1 : 0;
  }
  return out;
}

bool holds(TriggerRule rule, const Counts& of) noexcept {
  switch (rule) {
    case TriggerRule::all_completed:
      return of.open == 0 && of.failed == 0;
    case TriggerRule::all_finished:
      return of.open == 0;
    case TriggerRule::any_completed:
      return of.completed > 0;
    case TriggerRule::any_failed:
      return of.failed > 0;
  }
  return false;
}

/// Whether it will not hold, whatever becomes of those that are open.
bool is_lost(TriggerRule rule, const Counts& of) noexcept {
  return rule == TriggerRule::all_completed ? of.failed > 0 : of.open == 0;
}

/// Whether such an upstream is what a run that waits under this rule waits for.
bool is_missed(TriggerRule rule, EdgeState state) noexcept {
  const bool for_completion = rule == TriggerRule::all_completed || rule == TriggerRule::any_completed;
  return for_completion ? state != EdgeState::completed : state == EdgeState::open;
}

}  // namespace

std::string_view to_string(Verdict value) noexcept {
  switch (value) {
    case Verdict::go:
      return "go";
    case Verdict::wait:
      return "wait";
    case Verdict::dependency_failed:
      return "dependency_failed";
    case Verdict::not_needed:
      return "not_needed";
  }
  return "unknown";
}

Verdict judge(TriggerRule rule, OnDependencyFailure on_failure, std::span<const UpstreamFacts> upstreams) noexcept {
  const Counts counts = count(upstreams);
  if (upstreams.empty() || holds(rule, counts)) return Verdict::go;
  if (!is_lost(rule, counts)) return Verdict::wait;
  if (rule == TriggerRule::any_failed) return Verdict::not_needed;
  switch (on_failure) {
    case OnDependencyFailure::wait:
      return Verdict::wait;
    case OnDependencyFailure::cancel:
      return Verdict::dependency_failed;
    case OnDependencyFailure::run:
      return Verdict::go;
  }
  return Verdict::wait;
}

Verdict judge_round(TriggerRule rule, OnDependencyFailure on_failure,
                    std::span<const UpstreamFacts> upstreams) noexcept {
  const std::size_t open = count(upstreams).open;
  const bool about_all = rule == TriggerRule::all_completed || rule == TriggerRule::all_finished;
  if (upstreams.empty() || open == upstreams.size() || (about_all && open > 0)) return Verdict::wait;
  return judge(rule, on_failure, upstreams);
}

std::vector<TaskKey> waiting_on(TriggerRule rule, std::span<const UpstreamFacts> upstreams) {
  std::vector<TaskKey> missed;
  if (holds(rule, count(upstreams))) return missed;
  for (const UpstreamFacts& upstream : upstreams) {
    if (is_missed(rule, upstream.state)) missed.push_back(upstream.task);
  }
  return missed;
}

}  // namespace taskcore
