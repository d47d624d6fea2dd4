// Runs and tasks out of rows.
#include <boost/json/parse.hpp>

#include "model/codec.hpp"
#include "samples.hpp"
#include "support/catch.hpp"
#include "taskcore/json.hpp"

using namespace taskcore;
namespace json = boost::json;
using samples::at;

namespace {

RunError exit_error(int code) {
  return {.code = "exit_code",
          .message = "exit code " + std::to_string(code),
          .retryable = code != 2,
          .data = {{"code", code}}};
}

/// A run whose attempt `number` has just failed.
RunRow failed_attempt(int number, RunRow row = {}) {
  row.id = 7;
  row.attempt = number;
  row.attempt_started_at = at(number * 1000);
  row.attempt_finished_at = at(number * 1000 + 500);
  row.attempt_status = AttemptStatus::failed;
  row.exit_code = number;
  row.error = encode_error(exit_error(number));
  row.node = "node \"" + std::to_string(number) + "\"";
  return row;
}

}  // namespace

TEST_CASE("an error is read as it was written") {
  const RunError error{
      .code = "timeout", .message = "a \"quoted\"\nline", .retryable = false, .data = {{"x", {1, nullptr}}}};
  const RunError again = decode_error(encode_error(error));
  CHECK(again.code == error.code);
  CHECK(again.message == error.message);
  CHECK_FALSE(again.retryable);
  CHECK(again.data == error.data);
}

TEST_CASE("an error that cannot be read says so") {
  for (const char* text : {"", "{", "[]", "7"}) CHECK(decode_error(text).code == "unreadable");
}

TEST_CASE("a new run has no attempts") {
  RunRow row;
  row.id = 7;
  row.created_at = at(5);
  row.params = R"({"a": 1})";
  CHECK(close_attempt(row).empty());
  const Run run = make_run(row, "build");
  CHECK(run.id == "run_7");
  CHECK(run.task_id == "build");
  CHECK(run.status == Status::pending);
  CHECK(run.attempts.empty());
  CHECK_FALSE(run.retry_at);
  CHECK_FALSE(run.error);
  CHECK(run.params == json::parse(R"({"a": 1})"));
  CHECK(run.result.is_null());
}

TEST_CASE("each attempt that is closed is shown as it was, before the newest") {
  RunRow row;
  for (int number = 1; number <= 3; ++number) {
    row = failed_attempt(number, row);
    if (number < 3) row.past_attempts = close_attempt(row);
  }
  row.signal = 9;
  row.exit_code.reset();
  row.attempt_status = AttemptStatus::lost;
  const Run run = make_run(row, "build");
  REQUIRE(run.attempts.size() == 3);
  for (int i = 0; i < 3; ++i) {
    const Attempt& attempt = run.attempts[static_cast<std::size_t>(i)];
    CHECK(attempt.number == i + 1);
    CHECK(attempt.started_at == at((i + 1) * 1000));
    CHECK(attempt.finished_at == at((i + 1) * 1000 + 500));
    REQUIRE(attempt.error);
    CHECK(attempt.error->message == exit_error(i + 1).message);
    CHECK(attempt.error->retryable == exit_error(i + 1).retryable);
    CHECK(attempt.error->data == exit_error(i + 1).data);
    CHECK(attempt.node == "node \"" + std::to_string(i + 1) + "\"");
  }
  CHECK(run.attempts[1].status == AttemptStatus::failed);
  CHECK(run.attempts[1].exit_code == 2);
  CHECK_FALSE(run.attempts[1].signal);
  CHECK(run.attempts[2].status == AttemptStatus::lost);
  CHECK(run.attempts[2].signal == 9);
  CHECK(run.attempt == 3);
}

TEST_CASE("closing an attempt keeps every way to end it") {
  for (int status = 1; status <= static_cast<int>(AttemptStatus::interrupted); ++status) {
    RunRow row = failed_attempt(1);
    row.attempt_status = static_cast<AttemptStatus>(status);
    const std::string closed = close_attempt(row);
    row.past_attempts = closed;
    row.attempt = 2;
    const Run run = make_run(row, "t");
    REQUIRE(run.attempts.size() == 2);
    CHECK(run.attempts[0].status == static_cast<AttemptStatus>(status));
    CHECK(run.attempts[0].error.has_value() == (status != static_cast<int>(AttemptStatus::completed)));
  }
}

TEST_CASE("between attempts a run shows its last error and when it goes on") {
  RunRow row = failed_attempt(1);
  row.state = RunState::ready;
  row.ready_at = at(9000);
  const Run run = make_run(row, "t");
  CHECK(run.status == Status::pending);
  CHECK(run.retry_at == at(9000));
  CHECK(run.error->code == "exit_code");
}

TEST_CASE("a run that waits for a signal shows its deadline, if it has one") {
  RunRow row = failed_attempt(1);
  row.state = RunState::ready;
  row.attempt_status = AttemptStatus::completed;
  row.error.clear();
  row.reason = "signal";
  row.ready_at = at(9000);
  Run run = make_run(row, "t");
  CHECK(run.status == Status::pending);
  CHECK(run.reason == "signal");
  CHECK(run.retry_at == at(9000));
  CHECK_FALSE(run.error);
  CHECK_FALSE(run.attempts.at(0).error);
  row.ready_at = kNoDeadline;
  CHECK_FALSE(make_run(row, "t").retry_at);
}

TEST_CASE("the last error is not that of the attempt that now runs") {
  RunRow row = failed_attempt(1);
  row.past_attempts = close_attempt(row);
  row.state = RunState::running;
  row.attempt = 2;
  row.attempt_status = AttemptStatus::running;
  row.attempt_finished_at.reset();
  const Run run = make_run(row, "t");
  REQUIRE(run.attempts.size() == 2);
  CHECK(run.attempts[0].error);
  CHECK_FALSE(run.attempts[1].error);
  CHECK(run.error);
  CHECK_FALSE(run.retry_at);
}

TEST_CASE("a completed run shows its result and no error") {
  RunRow row = failed_attempt(1);
  row.past_attempts = close_attempt(row);
  row.attempt = 2;
  row.state = RunState::completed;
  row.attempt_status = AttemptStatus::completed;
  row.result = "[1.5]";
  const Run run = make_run(row, "t");
  CHECK(run.status == Status::completed);
  CHECK_FALSE(run.error);
  CHECK(run.result == json::parse("[1.5]"));
}

TEST_CASE("every state of a row reads as one of five words") {
  const auto status = [](RunState state) {
    RunRow row;
    row.state = state;
    return make_run(row, "t").status;
  };
  CHECK(status(RunState::ready) == Status::pending);
  CHECK(status(RunState::waiting) == Status::pending);
  CHECK(status(RunState::held) == Status::pending);
  CHECK(status(RunState::running) == Status::running);
  CHECK(status(RunState::completed) == Status::completed);
  CHECK(status(RunState::failed) == Status::failed);
  CHECK(status(RunState::cancelled) == Status::cancelled);
}

TEST_CASE("a task's status is that of its runs") {
  const auto status = [](std::int64_t live, std::int64_t running, RunKey last_settled) {
    TaskRow row;
    row.state.live = live;
    row.state.running = running;
    row.state.last_settled = last_settled;
    row.state.last_status = last_settled ? Status::failed : Status::pending;
    return make_task(row, {}).status;
  };
  CHECK(status(0, 0, 0) == Status::pending);
  CHECK(status(1, 0, 3) == Status::pending);
  CHECK(status(2, 1, 3) == Status::running);
  CHECK(status(0, 0, 3) == Status::failed);
}

TEST_CASE("a task shows its definition and its row") {
  TaskRow row;
  row.id = "build:app-1.0";
  row.version = 3;
  row.created_by = "alice";
  row.created_at = at(1);
  row.updated_at = at(2);
  row.state.next_due = at(3);
  row.state.last_run = 12;
  TaskSpec spec = samples::full_spec();
  spec.paused = false;
  const Task task = make_task(row, spec);
  CHECK(samples::same(task, spec));
  CHECK(task.version == 3);
  CHECK(task.created_by == "alice");
  CHECK(task.created_at == at(1));
  CHECK(task.updated_at == at(2));
  CHECK(task.next_run_at == at(3));
  CHECK(task.last_run_id == "run_12");
}

TEST_CASE("a paused task has no next run, a new one no last run") {
  TaskRow row;
  row.paused = true;
  row.state.next_due = at(3);
  const Task task = make_task(row, {});
  CHECK(task.paused);
  CHECK_FALSE(task.next_run_at);
  CHECK(task.last_run_id.empty());
}
