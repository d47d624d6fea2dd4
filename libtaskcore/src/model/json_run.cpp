// What is only ever shown, as JSON: runs, log lines, statistics.
#include "model/json_run.hpp"

#include <boost/json/array.hpp>

#include "model/json_values.hpp"
#include "taskcore/json.hpp"

namespace taskcore {

namespace json = boost::json;

namespace {

json::value text_or_null(const std::string& text) { return text.empty() ? json::value() : json::value(text); }

json::value error_or_null(const std::optional<RunError>& error) {
  return error ? json::value(error_to_json(*error)) : json::value();
}

json::object attempt_to_json(const Attempt& attempt) {
  return {
      {"number", attempt.number},
      {"startedAt", write_value(attempt.started_at)},
      {"finishedAt", write_value(attempt.finished_at)},
      {"status", to_string(attempt.status)},
      {"error", error_or_null(attempt.error)},
      {"exitCode", write_value(attempt.exit_code)},
      {"signal", write_value(attempt.signal)},
      {"httpStatus", write_value(attempt.http_status)},
      {"node", text_or_null(attempt.node)},
  };
}

json::value items_or_null(const std::optional<RunItems>& items) {
  if (!items) return {};
  return {{"total", items->total}, {"completed", items->completed}, {"failed", items->failed}};
}

json::value run_length(const Run& run) {
  if (!run.started_at || !run.finished_at) return {};
  return write_value(*run.finished_at - *run.started_at);
}

/// Counts under the words of an enumeration, all of them present.
template <class E, std::size_t N>
json::object counts(const std::array<std::int64_t, N>& values) {
  static_assert(kNames<E>.size() == N);
  json::object out;
  for (std::size_t i = 0; i < N; ++i) out.emplace(kNames<E>[i], values[i]);
  return out;
}

json::value number_or_null(const std::optional<std::int64_t>& number) {
  return number ? json::value(*number) : json::value();
}

}  // namespace

json::object error_to_json(const RunError& error) {
  return {{"code", error.code}, {"message", error.message}, {"retryable", error.retryable}, {"data", error.data}};
}

json::object to_json(const Run& run) {
  json::array attempts;
  attempts.reserve(run.attempts.size());
  for (const Attempt& attempt : run.attempts) attempts.push_back(attempt_to_json(attempt));
  return {
      {"id", run.id},
      {"taskId", run.task_id},
      {"taskVersion", run.task_version},
      {"status", to_string(run.status)},
      {"trigger", to_string(run.trigger)},
      {"scheduledFor", write_value(run.scheduled_for)},
      {"missedCount", run.missed_count},
      {"missedFrom", write_value(run.missed_from)},
      {"retryAt", write_value(run.retry_at)},
      {"retryOf", text_or_null(run.retry_of)},
      {"cancelRequested", run.cancel_requested},
      {"reason", text_or_null(run.reason)},
      {"attempt", run.attempt},
      {"attempts", std::move(attempts)},
      {"createdAt", write_value(run.created_at)},
      {"startedAt", write_value(run.started_at)},
      {"finishedAt", write_value(run.finished_at)},
      {"durationMs", run_length(run)},
      {"result", run.result},
      {"error", error_or_null(run.error)},
      {"params", run.params},
      {"node", text_or_null(run.node)},
      {"workflowRunId", text_or_null(run.workflow_run_id)},
      {"waitingOn", write_value(run.waiting_on)},
      {"items", items_or_null(run.items)},
      {"itemOf", text_or_null(run.item_of)},
  };
}

json::object to_json(const WorkflowRun& workflow) {
  json::array nodes;
  nodes.reserve(workflow.nodes.size());
  for (const Run& run : workflow.nodes) nodes.push_back(to_json(run));
  return {
      {"id", workflow.id},
      {"taskId", workflow.task_id},
      {"status", to_string(workflow.status)},
      {"createdAt", write_value(workflow.created_at)},
      {"finishedAt", write_value(workflow.finished_at)},
      {"nodes", std::move(nodes)},
  };
}

json::object to_json(const LogEntry& entry) {
  return {
      {"timestamp", write_value(entry.timestamp)},
      {"level", to_string(entry.level)},
      {"message", entry.message},
      {"data", entry.data},
      {"runId", text_or_null(entry.run_id)},
      {"attempt", entry.attempt},
      {"stream", to_string(entry.stream)},
  };
}

json::object to_json(const Stats& stats) {
  json::object by_type;
  for (const auto& [type, count] : stats.by_type) by_type.emplace(type, count);
  return {
      {"total", stats.total},
      {"byStatus", counts<Status>(stats.by_status)},
      {"byType", std::move(by_type)},
      {"byPriority", counts<Priority>(stats.by_priority)},
      {"running", stats.running},
      {"scheduled", stats.scheduled},
      {"runs",
       {{"last24h", counts<Status>(stats.runs.last_24h)},
        {"durationMs", {{"p50", number_or_null(stats.runs.p50_ms)}, {"p95", number_or_null(stats.runs.p95_ms)}}}}},
  };
}

}  // namespace taskcore
