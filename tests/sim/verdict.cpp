#include "sim/verdict.hpp"

#include <algorithm>
#include <cmath>

#include "model/codec.hpp"

namespace taskcore::sim {
namespace {

constexpr Duration kLeastAfterLoss{1000};

bool waited_in_vain(const RunRow& before) { return before.reason == "signal" && before.signal_value.empty(); }

std::string check_loss(const RunRow& before, const RunRow& after, const TaskSpec& spec, TimePoint at) {
  if (after.losses != before.losses + 1 || after.retries_used != before.retries_used)
    return "a loss was counted wrongly";
  const bool given_up = spec.recovery == Recovery::fail || after.losses >= spec.max_lost;
  // What had waited in vain may have got its signal in the same commit.
  const bool signalled = waited_in_vain(before) && !after.signal_value.empty();
  if (after.state == RunState::ready && after.ready_at < at + kLeastAfterLoss && !signalled)
    return "a lost run runs again without a pause";
  if (after.state == RunState::failed && !given_up) return "a lost run was given up too early";
  return {};
}

/// A cancellation, or a signal, may have come in the same commit.
std::string check_wait(const RunRow& before, const RunRow& after, const Part* part) {
  if (part == nullptr || !part->awaits) return "a completed attempt did not complete its run";
  if (after.retries_used != before.retries_used || after.losses != before.losses) return "a wait was counted";
  if (after.state == RunState::cancelled) return {};
  if (after.state != RunState::ready) return "an attempt that waits for a signal ended its run";
  if ((after.reason == "signal") != after.signal_value.empty()) return "a run waits although it has its signal";
  return {};
}

std::string check_failure(const RunRow& before, const RunRow& after, const TaskSpec& spec, bool snoozed, TimePoint at) {
  if (after.losses != before.losses) return "a failure was counted as a loss";
  if (waited_in_vain(before) != (decode_error(after.error).code == "signal_timeout"))
    return "a wait and its failure do not go together";
  if (after.retries_used != before.retries_used + (snoozed ? 0 : 1)) return "a failure was counted wrongly";
  if (after.state == RunState::failed && decode_error(after.error).retryable &&
      after.retries_used <= spec.max_retries.value_or(0)) {
    return "a run failed while it had retries left";
  }
  if (after.state != RunState::ready || snoozed || spec.retry.jitter != Jitter::none) return {};
  const double grown =
      static_cast<double>(spec.retry.initial_delay.count()) * std::pow(spec.retry.multiplier, after.retries_used - 1);
  const auto delay = std::min(grown, static_cast<double>(spec.retry.max_delay.count()));
  if (after.ready_at < at + Duration(static_cast<std::int64_t>(delay))) return "a retry comes too early";
  return {};
}

}  // namespace

std::string check_verdict(const RunRow& before, const RunRow& after, const TaskSpec& spec, const Part* part,
                          TimePoint at) {
  if (!after.attempt_finished_at || *after.attempt_finished_at < *after.attempt_started_at)
    return "an attempt ended before it began";
  if (before.cancel_requested && !is_settled(after.state)) return "a cancelled run goes on";
  // From the end of the attempt on: the wall clock may have been set back since the run was ready before.
  if (after.ready_at < at && (after.state == RunState::ready || after.ready_at < before.ready_at))
    return "a run was ready too early";
  switch (after.attempt_status) {
    case AttemptStatus::lost:
      return check_loss(before, after, spec, at);
    case AttemptStatus::failed:
      return check_failure(before, after, spec, part != nullptr && part->snoozed, at);
    case AttemptStatus::timed_out:
      return check_failure(before, after, spec, false, at);
    case AttemptStatus::completed:
      return after.state == RunState::completed ? "" : check_wait(before, after, part);
    case AttemptStatus::cancelled:
      return after.state == RunState::cancelled ? "" : "a cancelled attempt did not end its run";
    case AttemptStatus::interrupted:
      return after.retries_used == before.retries_used ? "" : "an interruption used up a retry";
    case AttemptStatus::running:
      break;
  }
  return "an attempt that is over is still called running";
}

}  // namespace taskcore::sim
