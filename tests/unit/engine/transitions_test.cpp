// Every way in which an attempt can end, and what becomes of its run.
#include "engine/transitions.hpp"

#include "model/codec.hpp"
#include "support/catch.hpp"

namespace taskcore {
namespace {

using namespace std::chrono_literals;

const TimePoint kNow{1h};

TaskSpec spec() {
  TaskSpec spec{.name = "job"};
  spec.max_retries = 2;
  spec.retry = {10s, 2.0, 1h, Jitter::none};
  spec.timeout = 5s;
  return spec;
}

/// A run that is in its first attempt for a minute.
RunRow running() {
  RunRow row;
  row.id = 1;
  begin_attempt(row, "node", 7, kNow - 1min);
  return row;
}

RunRow ended(const TaskSpec& rules, const AttemptEnd& end, RunRow row = running()) {
  end_attempt(row, rules, end, kNow, 0);
  return row;
}

AttemptEnd failed(bool retryable = true) { return {.outcome = Outcome::failure("x", "no luck", retryable)}; }
AttemptEnd stopped(StopReason why) { return {.outcome = Outcome::failure("x", "stopped"), .stopped = why}; }
AttemptEnd lost() { return {.lost = true}; }

void check_waits(const RunRow& row, AttemptStatus attempt, Duration delay) {
  CHECK(row.state == RunState::ready);
  CHECK(row.attempt_status == attempt);
  CHECK(row.ready_at == kNow + delay);
  CHECK(row.attempt_finished_at == kNow);
  CHECK_FALSE(row.finished_at.has_value());
}

void check_closed(const RunRow& row, RunState state, AttemptStatus attempt) {
  CHECK(row.state == state);
  CHECK(row.attempt_status == attempt);
  CHECK(row.finished_at == kNow);
  CHECK(row.attempt_finished_at == kNow);
}

}  // namespace

TEST_CASE("a claim begins the next attempt under the next fence") {
  RunRow row = running();
  CHECK(row.state == RunState::running);
  CHECK(row.fence == 1);
  CHECK(row.attempt == 1);
  CHECK(row.node == "node");
  CHECK(row.task_version == 7);
  CHECK(row.past_attempts.empty());
  row = ended(spec(), failed(), row);
  begin_attempt(row, "other", 8, kNow + 10s);
  CHECK(row.fence == 2);
  CHECK(row.attempt == 2);
  CHECK(row.started_at == kNow - 1min);
  CHECK(row.attempt_started_at == kNow + 10s);
  CHECK_FALSE(row.attempt_finished_at.has_value());
  const Run run = make_run(row, "job");
  REQUIRE(run.attempts.size() == 2);
  CHECK(run.attempts[0].error->message == "no luck");
  CHECK(run.attempts[0].node == "node");
  CHECK_FALSE(run.attempts[1].error.has_value());
}

TEST_CASE("an attempt that completes closes its run with its result") {
  const RunRow row = ended(spec(), {.outcome = Outcome::success({1, 2})});
  check_closed(row, RunState::completed, AttemptStatus::completed);
  CHECK(row.result == "[1,2]");
  CHECK(row.error.empty());
  CHECK(ended(spec(), {}).result.empty());
}

TEST_CASE("a result that is too large fails for good") {
  const RunRow row = ended(spec(), {.outcome = Outcome::success(boost::json::string(256 * 1024, 'x'))});
  check_closed(row, RunState::failed, AttemptStatus::failed);
  CHECK(decode_error(row.error).code == "result_too_large");
  CHECK(row.result.empty());
}

TEST_CASE("failures are retried with growing delays until the retries are used up") {
  RunRow row = ended(spec(), failed());
  check_waits(row, AttemptStatus::failed, 10s);
  begin_attempt(row, "node", 7, kNow);
  row = ended(spec(), failed(), row);
  check_waits(row, AttemptStatus::failed, 20s);
  begin_attempt(row, "node", 7, kNow);
  row = ended(spec(), failed(), row);
  check_closed(row, RunState::failed, AttemptStatus::failed);
  CHECK(row.retries_used == 3);
  CHECK(decode_error(row.error).message == "no luck");
}

TEST_CASE("a final failure is not retried") {
  check_closed(ended(spec(), failed(false)), RunState::failed, AttemptStatus::failed);
}

TEST_CASE("a retry waits as long as the other side asked for") {
  AttemptEnd end = failed();
  end.outcome.retry_after = 1min;
  check_waits(ended(spec(), end), AttemptStatus::failed, 1min);
  end.outcome.retry_after = 1s;
  check_waits(ended(spec(), end), AttemptStatus::failed, 10s);
}

TEST_CASE("a snooze uses up no retry") {
  AttemptEnd end = failed();
  end.outcome.snoozed = true;
  end.outcome.retry_after = 5min;
  const RunRow row = ended(spec(), end);
  check_waits(row, AttemptStatus::failed, 5min);
  CHECK(row.retries_used == 0);
}

TEST_CASE("an attempt that asks for a signal has done its part, and its run waits") {
  RunRow row = ended(spec(), failed());
  begin_attempt(row, "node", 7, kNow - 1min);
  row = ended(spec(), {.outcome = Outcome::await_signal(1h)}, row);
  check_waits(row, AttemptStatus::completed, 1h);
  CHECK(row.delayed);
  CHECK(row.reason == kSignalReason);
  CHECK(awaits_signal(row));
  CHECK(row.error.empty());
  CHECK(row.retries_used == 1);
  CHECK(ended(spec(), {.outcome = Outcome::await_signal()}).ready_at == kNoDeadline);
  CHECK(ended(spec(), {.outcome = Outcome::await_signal(Duration::max())}).ready_at == kNoDeadline);
}

TEST_CASE("a signal ends the wait, and stays until the run ends or waits for the next") {
  RunRow row = ended(spec(), {.outcome = Outcome::await_signal(1h)});
  give_signal(row, "1", kNow);
  CHECK_FALSE(row.delayed);
  CHECK(row.ready_at == kNow);
  CHECK(row.reason.empty());
  begin_attempt(row, "node", 7, kNow);
  CHECK(ended(spec(), failed(), row).signal_value == "1");
  CHECK(ended(spec(), lost(), row).signal_value == "1");
  CHECK(ended(spec(), {.outcome = Outcome::success()}, row).signal_value.empty());
  row = ended(spec(), {.outcome = Outcome::await_signal(), .had_signal = true}, row);
  CHECK(row.signal_value.empty());
  CHECK(awaits_signal(row));
}

TEST_CASE("a signal that came while the attempt ran need not be waited for") {
  RunRow row = running();
  give_signal(row, "null", kNow - 1s);
  CHECK(row.state == RunState::running);
  row = ended(spec(), {.outcome = Outcome::await_signal(1h)}, row);
  check_waits(row, AttemptStatus::completed, 0s);
  CHECK_FALSE(row.delayed);
  CHECK(row.reason.empty());
  CHECK(row.signal_value == "null");
}

TEST_CASE("of what else befalls an attempt that asks for a signal, a shutdown does not matter") {
  AttemptEnd end{.outcome = Outcome::await_signal(1h)};
  end.stopped = StopReason::shutdown;
  CHECK(awaits_signal(ended(spec(), end)));
  end.stopped = StopReason::timeout;
  check_waits(ended(spec(), end), AttemptStatus::timed_out, 10s);
  end.stopped = StopReason::cancelled;
  check_closed(ended(spec(), end), RunState::cancelled, AttemptStatus::cancelled);
}

TEST_CASE("a wait in vain has failed for good, also when its node dies before it says so") {
  RunRow row = ended(spec(), {.outcome = Outcome::await_signal(1h)});
  begin_attempt(row, "node", 7, kNow);
  const RunRow again = ended(spec(), lost(), row);
  CHECK(awaits_signal(again));
  CHECK(again.delayed);
  row = ended(spec(), failed(false), row);
  check_closed(row, RunState::failed, AttemptStatus::failed);
  CHECK(row.reason.empty());
}

TEST_CASE("a timeout says so, counts as a failure and is retried") {
  const bool obeyed = GENERATE(true, false);  // or the function went on and completed too late
  AttemptEnd end = stopped(StopReason::timeout);
  if (!obeyed) end.outcome = Outcome::success(1);
  RunRow row = ended(spec(), end);
  check_waits(row, AttemptStatus::timed_out, 10s);
  CHECK(row.retries_used == 1);
  CHECK(decode_error(row.error).code == "timeout");
  CHECK(decode_error(row.error).message.find("timeout") != std::string::npos);
  TaskSpec rules = spec();
  rules.max_retries = 0;
  check_closed(ended(rules, end), RunState::failed, AttemptStatus::timed_out);
}

TEST_CASE("a cancellation ends the run whatever the attempt says") {
  AttemptEnd end = stopped(StopReason::cancelled);
  check_closed(ended(spec(), end), RunState::cancelled, AttemptStatus::cancelled);
  end.outcome = Outcome::success();
  check_closed(ended(spec(), end), RunState::cancelled, AttemptStatus::cancelled);
}

TEST_CASE("a run whose cancellation was asked for is never tried again") {
  RunRow row = running();
  row.cancel_requested = true;
  row.reason = "superseded";
  check_closed(ended(spec(), failed(), row), RunState::cancelled, AttemptStatus::cancelled);
  check_closed(ended(spec(), lost(), row), RunState::cancelled, AttemptStatus::lost);
  check_closed(ended(spec(), stopped(StopReason::shutdown), row), RunState::cancelled, AttemptStatus::cancelled);
  AttemptEnd too_late{.outcome = Outcome::success(), .stopped = StopReason::timeout};
  check_closed(ended(spec(), too_late, row), RunState::cancelled, AttemptStatus::cancelled);
  CHECK(ended(spec(), failed(), row).reason == "superseded");
  CHECK(ended(spec(), lost(), row).reason == "superseded");
}

TEST_CASE("an attempt that completed before its cancellation reached it has completed") {
  RunRow row = running();
  row.cancel_requested = true;
  row.reason = "cancelled";
  row = ended(spec(), {.outcome = Outcome::success()}, row);
  check_closed(row, RunState::completed, AttemptStatus::completed);
  CHECK(row.reason.empty());
}

TEST_CASE("a lost attempt is repeated after a backoff, and the third loss is the last") {
  RunRow row = running();
  for (int loss = 1; loss < 3; ++loss) {
    row = ended(spec(), lost(), row);
    check_waits(row, AttemptStatus::lost, 10s * loss);
    CHECK(row.losses == loss);
    CHECK(row.retries_used == 0);
    begin_attempt(row, "node", 7, kNow);
  }
  check_closed(ended(spec(), lost(), row), RunState::failed, AttemptStatus::lost);
  TaskSpec rules = spec();
  rules.max_lost = 1;
  check_closed(ended(rules, lost()), RunState::failed, AttemptStatus::lost);
}

TEST_CASE("with recovery fail a lost or interrupted run ends failed") {
  TaskSpec rules = spec();
  rules.recovery = Recovery::fail;
  check_closed(ended(rules, lost()), RunState::failed, AttemptStatus::lost);
  check_closed(ended(rules, stopped(StopReason::shutdown)), RunState::failed, AttemptStatus::interrupted);
}

TEST_CASE("an interrupted attempt counts as nothing, and one that still completes has completed") {
  const RunRow row = ended(spec(), stopped(StopReason::shutdown));
  check_waits(row, AttemptStatus::interrupted, 0s);
  CHECK(row.retries_used == 0);
  CHECK(row.losses == 0);
  const AttemptEnd end{.outcome = Outcome::success(), .stopped = StopReason::shutdown};
  check_closed(ended(spec(), end), RunState::completed, AttemptStatus::completed);
}

TEST_CASE("an attempt never ends before it began, although the clock was set back") {
  RunRow row = running();
  end_attempt(row, spec(), {}, kNow - 1h, 0);
  CHECK(row.finished_at == row.attempt_started_at);
}

TEST_CASE("a retry waits from now on, although the clock was set back") {
  for (const bool lost : {false, true}) {
    RunRow row = running();
    AttemptEnd end{.outcome = Outcome::failure("busy", "try again"), .lost = lost};
    end_attempt(row, spec(), end, kNow - 1h, 0);
    CHECK(row.state == RunState::ready);
    CHECK(row.ready_at >= kNow - 1h);
    CHECK(row.ready_at < kNow - 1h + 1min);
    CHECK(row.attempt_finished_at == row.attempt_started_at);
  }
}

TEST_CASE("a run that has not begun is cancelled without an attempt") {
  RunRow row;
  row.created_at = kNow;
  cancel_unstarted(row, "rescheduled", kNow - 1h);
  CHECK(row.state == RunState::cancelled);
  CHECK(row.reason == "rescheduled");
  CHECK(row.finished_at == kNow);
  CHECK(row.attempt == 0);
}

}  // namespace taskcore
