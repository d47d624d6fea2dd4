#include "engine/transitions.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "engine/backoff.hpp"
#include "model/codec.hpp"

namespace taskcore {
namespace {

/// The wall clock may have been set back: nothing ends before it began.
void close_run(RunRow& row, RunState state, TimePoint now) {
  row.state = state;
  row.delayed = false;
  row.signal_value.clear();
  row.finished_at =
      std::max({now, row.created_at, row.started_at.value_or(now), row.attempt_finished_at.value_or(now)});
}

void wait_until(RunRow& row, TimePoint at, TimePoint now) {
  row.state = RunState::ready;
  row.ready_at = at;
  row.delayed = at > now;
}

void set_error(RunRow& row, const RunError& error) { row.error = encode_error(error); }

void lose(RunRow& row, const TaskSpec& spec, TimePoint now, std::uint64_t draw) {
  row.attempt_status = AttemptStatus::lost;
  row.losses += 1;
  set_error(row, {"lost", "the process that ran this attempt died", spec.recovery == Recovery::retry, {}});
  if (row.cancel_requested) return close_run(row, RunState::cancelled, now);
  if (spec.recovery == Recovery::fail || row.losses >= spec.max_lost) return close_run(row, RunState::failed, now);
  wait_until(row, now + loss_delay(spec.retry, row.losses, draw), now);
}

void interrupt(RunRow& row, const TaskSpec& spec, TimePoint now) {
  row.attempt_status = AttemptStatus::interrupted;
  set_error(row, {"interrupted", "a shutdown ended this attempt", spec.recovery == Recovery::retry, {}});
  if (row.cancel_requested) return close_run(row, RunState::cancelled, now);
  if (spec.recovery == Recovery::fail) return close_run(row, RunState::failed, now);
  wait_until(row, now, now);
}

void complete(RunRow& row, const Outcome& outcome, TimePoint now) {
  std::string text = outcome.result.is_null() ? std::string() : boost::json::serialize(outcome.result);
  if (text.size() > kMaxResultBytes) {
    row.attempt_status = AttemptStatus::failed;
    set_error(row, result_too_large());
    return close_run(row, RunState::failed, now);
  }
  row.attempt_status = AttemptStatus::completed;
  row.error.clear();
  row.reason.clear();
  row.result = std::move(text);
  close_run(row, RunState::completed, now);
}

TimePoint deadline_of(const Outcome& outcome, TimePoint now) {
  const bool bounded = outcome.signal_timeout && *outcome.signal_timeout < kNoDeadline - now;
  return bounded ? now + *outcome.signal_timeout : kNoDeadline;
}

/// The attempt has done its part. A signal that it had is used up; one that came too late for it need not be waited
/// for.
void wait_for_signal(RunRow& row, const AttemptEnd& end, TimePoint now) {
  row.attempt_status = AttemptStatus::completed;
  row.error.clear();
  if (end.had_signal) row.signal_value.clear();
  if (!row.signal_value.empty()) return wait_until(row, now, now);
  row.reason = kSignalReason;
  wait_until(row, deadline_of(end.outcome, now), now);
}

void retry_or_fail(RunRow& row, const TaskSpec& spec, const Outcome& outcome, bool retryable, TimePoint now,
                   std::uint64_t draw) {
  if (outcome.snoozed) return wait_until(row, now + outcome.retry_after.value_or(Duration(0)), now);
  row.retries_used += 1;
  if (!retryable || row.retries_used > spec.max_retries.value_or(0)) return close_run(row, RunState::failed, now);
  const Duration delay = retry_delay(spec.retry, row.retries_used, draw);
  wait_until(row, now + std::max(delay, outcome.retry_after.value_or(Duration(0))), now);
}

}  // namespace

void end_attempt(RunRow& row, const TaskSpec& spec, const AttemptEnd& end, TimePoint now, std::uint64_t draw) {
  // The wall clock may have been set back since the attempt began: it never ends before its start. What is to be tried
  // again waits from now all the same, or it would wait for as long as the clock was set back, too.
  row.attempt_finished_at = std::max(now, row.attempt_started_at.value_or(now));
  row.exit_code = end.outcome.exit_code;
  row.signal = end.outcome.signal;
  // With a cancellation it says why that was asked for; and a wait in vain is to fail still, although its node died.
  if (!row.cancel_requested && !(end.lost && awaits_signal(row))) row.reason.clear();
  if (end.lost) return lose(row, spec, now, draw);
  const bool in_time = end.outcome.completed && end.stopped != StopReason::timeout;
  if (end.stopped == StopReason::cancelled || (row.cancel_requested && !in_time)) {
    row.attempt_status = AttemptStatus::cancelled;
    row.cancel_requested = true;
    if (row.reason.empty()) row.reason = "cancelled";
    set_error(row, {"cancelled", "cancelled while it ran", false, {}});
    return close_run(row, RunState::cancelled, now);
  }
  if (end.stopped == StopReason::timeout) {
    row.attempt_status = AttemptStatus::timed_out;
    const auto limit = spec.timeout.value_or(Duration(0)).count();
    set_error(row, {"timeout", "timeout: the attempt took longer than " + std::to_string(limit) + " ms", true, {}});
    return retry_or_fail(row, spec, {}, true, now, draw);
  }
  if (end.outcome.completed) return complete(row, end.outcome, now);
  if (end.outcome.awaits_signal) return wait_for_signal(row, end, now);
  if (end.stopped == StopReason::shutdown || end.stopped == StopReason::lease_lost) return interrupt(row, spec, now);
  row.attempt_status = AttemptStatus::failed;
  set_error(row, end.outcome.error);
  retry_or_fail(row, spec, end.outcome, end.outcome.error.retryable, now, draw);
}

void begin_attempt(RunRow& row, SharedText node, std::int64_t task_version, TimePoint now) {
  if (row.attempt > 0) row.past_attempts = close_attempt(row);
  row.state = RunState::running;
  row.fence += 1;
  row.attempt += 1;
  row.node = std::move(node);
  row.task_version = task_version;
  if (!row.started_at) row.started_at = now;
  row.attempt_started_at = now;
  row.attempt_finished_at.reset();
  row.attempt_status = AttemptStatus::running;
  row.exit_code.reset();
  row.signal.reset();
}

RunError result_too_large() {
  return {"result_too_large", "the result is larger than 256 KiB; keep it elsewhere and return a reference", false, {}};
}

void end_without_attempt(RunRow& row, RunState state, TimePoint now) {
  if (!row.cancel_requested) row.reason.clear();  // else it says why
  close_run(row, state, now);
}

void fail_without_attempt(RunRow& row, const RunError& error, TimePoint now) {
  set_error(row, error);
  end_without_attempt(row, RunState::failed, now);
}

void give_signal(RunRow& row, SharedText value, TimePoint now) {
  if (awaits_signal(row)) {
    row.reason.clear();
    wait_until(row, now, now);
  }
  row.signal_value = std::move(value);
}

void cancel_unstarted(RunRow& row, std::string reason, TimePoint now) {
  row.cancel_requested = true;
  row.reason = std::move(reason);
  close_run(row, RunState::cancelled, now);
}

}  // namespace taskcore
