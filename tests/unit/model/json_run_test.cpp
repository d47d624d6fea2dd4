// Runs, log lines and statistics as JSON.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "samples.hpp"
#include "support/catch.hpp"
#include "taskcore/json.hpp"

using namespace taskcore;
namespace json = boost::json;

TEST_CASE("a run before its first attempt shows every field") {
  Run run;
  run.id = "run_1";
  run.task_id = "build";
  CHECK(
      json::serialize(to_json(run)) ==
      R"({"id":"run_1","taskId":"build","taskVersion":0,"status":"pending","trigger":"manual","scheduledFor":null,)"
      R"("missedCount":0,"missedFrom":null,"retryAt":null,"retryOf":null,"cancelRequested":false,"reason":null,"attempt":0,)"
      R"("attempts":[],"createdAt":"1970-01-01T00:00:00.000Z","startedAt":null,"finishedAt":null,"durationMs":null,)"
      R"("result":null,"error":null,"params":null,"node":null,"workflowRunId":null,"waitingOn":[],"items":null,"itemOf":null})");
}

TEST_CASE("a settled run shows how it went") {
  Run run;
  run.status = Status::failed;
  run.trigger = Trigger::schedule;
  run.scheduled_for = samples::at(5);
  run.missed_count = 2;
  run.missed_from = samples::at(1);
  run.started_at = samples::at(1000);
  run.finished_at = samples::at(3500);
  run.reason = "user";
  run.attempt = 1;
  run.error = RunError{"exit_code", "exit code 2", false, {{"x", 1}}};
  run.attempts.push_back({.number = 1,
                          .started_at = samples::at(1000),
                          .finished_at = samples::at(3500),
                          .status = AttemptStatus::timed_out,
                          .error = run.error,
                          .exit_code = 2,
                          .signal = 9,
                          .node = "here"});
  run.waiting_on = {"lint"};
  const json::object shown = to_json(run);
  CHECK(shown.at("durationMs") == json::value(2500));
  CHECK(shown.at("trigger") == json::value("schedule"));
  CHECK(shown.at("missedFrom") == json::value("1970-01-01T00:00:00.001Z"));
  CHECK(shown.at("reason") == json::value("user"));
  CHECK(shown.at("error") ==
        json::parse(R"({"code": "exit_code", "message": "exit code 2", "retryable": false, "data": {"x": 1}})"));
  CHECK(shown.at("attempts") == json::parse(R"([{"number": 1, "startedAt": "1970-01-01T00:00:01.000Z",
      "finishedAt": "1970-01-01T00:00:03.500Z", "status": "timed_out",
      "error": {"code": "exit_code", "message": "exit code 2", "retryable": false, "data": {"x": 1}},
      "exitCode": 2, "signal": 9, "httpStatus": null, "node": "here"}])"));
  CHECK(shown.at("waitingOn") == json::parse(R"(["lint"])"));
}

TEST_CASE("a run shows its items, and an item its run") {
  Run run;
  run.items = RunItems{.total = 3, .completed = 1, .failed = 2};
  run.item_of = "run_7";
  const json::object shown = to_json(run);
  CHECK(shown.at("items") == json::parse(R"({"total": 3, "completed": 1, "failed": 2})"));
  CHECK(shown.at("itemOf") == json::value("run_7"));
}

TEST_CASE("a log line shows where and when it was written") {
  CHECK(json::serialize(to_json(LogEntry{.message = "task created"})) ==
        R"({"timestamp":"1970-01-01T00:00:00.000Z","level":"INFO","message":"task created","data":null,"runId":null,)"
        R"("attempt":0,"stream":"system"})");
  const LogEntry line{.level = LogLevel::error,
                      .message = "m",
                      .data = {{"a", 1}},
                      .run_id = "run_1",
                      .attempt = 2,
                      .stream = LogStream::stderr_};
  CHECK(json::value(to_json(line)) ==
        json::parse(R"({"timestamp": "1970-01-01T00:00:00.000Z", "level": "ERROR", "message": "m",
      "data": {"a": 1}, "runId": "run_1", "attempt": 2, "stream": "stderr"})"));
}

TEST_CASE("statistics show all words, also those that count nothing") {
  Stats stats;
  stats.total = 3;
  stats.by_status = {1, 0, 2, 0, 0};
  stats.by_type = {{"script", 3}};
  stats.by_priority = {0, 3, 0};
  stats.scheduled = 1;
  stats.runs.last_24h = {0, 0, 9, 1, 0};
  stats.runs.p50_ms = 20;
  CHECK(
      json::serialize(to_json(stats)) ==
      R"({"total":3,"byStatus":{"pending":1,"running":0,"completed":2,"failed":0,"cancelled":0},"byType":{"script":3},)"
      R"("byPriority":{"low":0,"normal":3,"high":0},"running":0,"scheduled":1,)"
      R"("runs":{"last24h":{"pending":0,"running":0,"completed":9,"failed":1,"cancelled":0},)"
      R"("durationMs":{"p50":20,"p95":null}}})");
}
