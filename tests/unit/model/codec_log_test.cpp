// Log lines, stored and derived.
#include <boost/json/parse.hpp>

#include "model/codec.hpp"
#include "samples.hpp"
#include "support/catch.hpp"
#include "taskcore/log.hpp"

using namespace taskcore;
namespace json = boost::json;
using samples::at;

namespace {

Run some_run() {
  Run run;
  run.id = "run_4";
  return run;
}

LogEntry end_line(AttemptStatus status) {
  Attempt attempt{.number = 2, .started_at = at(1), .finished_at = at(9), .status = status};
  if (status != AttemptStatus::completed) attempt.error = RunError{"code", "what happened", true, {}};
  return attempt_end_line(some_run(), attempt);
}

}  // namespace

TEST_CASE("the first line of a task tells that it was created") {
  TaskRow row;
  row.created_at = at(5);
  const LogEntry line = created_line(row);
  CHECK(line.message == "task created");
  CHECK((line.level == LogLevel::info));
  CHECK(line.timestamp == at(5));
  CHECK(line.run_id.empty());
}

TEST_CASE("an attempt's start is told with its node") {
  const LogEntry line = attempt_start_line(some_run(), {.number = 1, .started_at = at(5), .node = "here"});
  CHECK(line.message == "attempt 1 started");
  CHECK((line.level == LogLevel::info));
  CHECK(line.timestamp == at(5));
  CHECK(line.run_id == "run_4");
  CHECK(line.attempt == 1);
  CHECK(line.data == json::parse(R"({"node": "here"})"));
}

TEST_CASE("an attempt's end is told as loud as it was bad") {
  CHECK((end_line(AttemptStatus::completed).level == LogLevel::info));
  for (const auto status : {AttemptStatus::cancelled, AttemptStatus::interrupted})
    CHECK((end_line(status).level == LogLevel::warn));
  for (const auto status : {AttemptStatus::failed, AttemptStatus::timed_out, AttemptStatus::lost}) {
    CHECK((end_line(status).level == LogLevel::error));
  }
  CHECK(end_line(AttemptStatus::completed).message == "attempt 2 completed");
  CHECK(end_line(AttemptStatus::timed_out).message == "attempt 2 timed out: what happened");
  CHECK(end_line(AttemptStatus::failed).timestamp == at(9));
}

TEST_CASE("an attempt's end carries the error, the exit code and the signal that there are") {
  Attempt attempt{.number = 1, .finished_at = at(9), .status = AttemptStatus::failed, .exit_code = 3};
  attempt.error = RunError{"exit_code", "exit code 3", true, {}};
  CHECK(
      attempt_end_line(some_run(), attempt).data ==
      json::parse(
          R"({"error": {"code": "exit_code", "message": "exit code 3", "retryable": true, "data": null}, "exitCode": 3})"));
  CHECK(attempt_end_line(some_run(), {.number = 1, .status = AttemptStatus::cancelled, .signal = 15}).data ==
        json::parse(R"({"signal": 15})"));
  CHECK(attempt_end_line(some_run(), {.number = 1, .status = AttemptStatus::completed}).data.is_null());
}

TEST_CASE("a stored line is shown as it was kept") {
  LogRow row{
      .id = 1, .task = 2, .run = 4, .attempt = 2, .at = at(6), .level = LogLevel::warn, .stream = LogStream::stdout_};
  row.message = "text";
  row.data = R"({"a": 1})";
  const LogEntry line = make_log(row);
  CHECK(line.timestamp == at(6));
  CHECK((line.level == LogLevel::warn));
  CHECK((line.stream == LogStream::stdout_));
  CHECK(line.message == "text");
  CHECK(line.run_id == "run_4");
  CHECK(line.attempt == 2);
  CHECK(line.data == json::parse(R"({"a": 1})"));
  row.run = 0;
  row.data = "{";
  CHECK(make_log(row).run_id.empty());
  CHECK(make_log(row).data.is_null());
}
