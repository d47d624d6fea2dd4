// Runs out of rows. Attempts before the newest are kept in the row as a JSON array, which grows by text alone: what was
// written is not read again until someone looks at the run.
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "model/codec.hpp"
#include "model/ids.hpp"
#include "model/json_run.hpp"
#include "model/json_text.hpp"
#include "model/names.hpp"

namespace taskcore {

namespace json = boost::json;

namespace {

json::value read_or_null(std::string_view text) {
  if (text.empty()) return {};
  auto value = parse_json(text);
  return value ? std::move(*value) : json::value();
}

bool ended_badly(AttemptStatus status) {
  return status != AttemptStatus::running && status != AttemptStatus::completed;
}

Attempt newest_attempt(const RunRow& row) {
  Attempt attempt;
  attempt.number = row.attempt;
  attempt.started_at = row.attempt_started_at.value_or(row.created_at);
  attempt.finished_at = row.attempt_finished_at;
  attempt.status = row.attempt_status;
  // The row keeps the last error while the next attempt runs: then it is not this attempt's.
  if (ended_badly(row.attempt_status) && !row.error.empty()) attempt.error = decode_error(row.error);
  attempt.exit_code = row.exit_code;
  attempt.signal = row.signal;
  attempt.node = row.node.str();
  return attempt;
}

std::int64_t integer_at(const json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  return value && value->is_int64() ? value->get_int64() : 0;
}

std::string_view text_at(const json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

RunError error_from(const json::value& value) {
  const auto* from = value.if_object();
  if (!from) return {.code = "unreadable", .message = "the stored error cannot be read", .retryable = false};
  const auto* retryable = from->if_contains("retryable");
  const auto* data = from->if_contains("data");
  return {.code = std::string(text_at(*from, "code")),
          .message = std::string(text_at(*from, "message")),
          .retryable = !retryable || *retryable != json::value(false),
          .data = data ? *data : json::value()};
}

Attempt past_attempt(const json::value& value) {
  Attempt attempt;
  const auto* from = value.if_object();
  if (!from) return attempt;
  attempt.number = static_cast<int>(integer_at(*from, "number"));
  attempt.started_at = TimePoint(Duration(integer_at(*from, "started")));
  if (from->contains("finished")) attempt.finished_at = TimePoint(Duration(integer_at(*from, "finished")));
  attempt.status = parse_attempt_status(text_at(*from, "status")).value_or(AttemptStatus::lost);
  if (const auto* error = from->if_contains("error")) attempt.error = error_from(*error);
  if (from->contains("exit")) attempt.exit_code = static_cast<int>(integer_at(*from, "exit"));
  if (from->contains("signal")) attempt.signal = static_cast<int>(integer_at(*from, "signal"));
  attempt.node = std::string(text_at(*from, "node"));
  return attempt;
}

std::string ms_text(TimePoint at) { return std::to_string(at.time_since_epoch().count()); }

constexpr std::array kStatusOf{Status::pending,   Status::pending, Status::pending,  Status::running,
                               Status::completed, Status::failed,  Status::cancelled};

}  // namespace

std::string encode_error(const RunError& error) { return json::serialize(error_to_json(error)); }

RunError decode_error(std::string_view text) { return error_from(read_or_null(text)); }

std::string close_attempt(const RunRow& row) {
  std::string out = row.past_attempts.str();
  if (row.attempt == 0) return out;
  if (out.size() > 2) {
    out.back() = ',';  // in the place of the bracket
  } else {
    out = "[";
  }
  out += "{\"number\":" + std::to_string(row.attempt);
  out += ",\"started\":" + ms_text(row.attempt_started_at.value_or(row.created_at));
  if (row.attempt_finished_at) out += ",\"finished\":" + ms_text(*row.attempt_finished_at);
  out += ",\"status\":\"" + std::string(to_string(row.attempt_status)) + '"';
  if (ended_badly(row.attempt_status) && !row.error.empty()) out.append(",\"error\":").append(row.error.view());
  if (row.exit_code) out += ",\"exit\":" + std::to_string(*row.exit_code);
  if (row.signal) out += ",\"signal\":" + std::to_string(*row.signal);
  if (!row.node.empty()) out += ",\"node\":" + json::serialize(json::string_view(row.node.view()));
  out += "}]";
  return out;
}

std::optional<TimePoint> retry_instant(const RunRow& row) {
  if (row.state != RunState::ready || row.attempt == 0 || row.ready_at >= kNoDeadline) return std::nullopt;
  return row.ready_at;
}

Run make_run(const RunRow& row, std::string task_id) {
  Run run;
  run.id = run_id(row.id);
  run.task_id = std::move(task_id);
  run.task_version = row.task_version;
  run.status = kStatusOf[static_cast<std::size_t>(row.state)];
  run.trigger = row.trigger;
  run.scheduled_for = row.scheduled_for;
  run.missed_count = row.missed_count;
  run.missed_from = row.missed_from;
  run.retry_at = retry_instant(row);
  if (row.retry_of != 0) run.retry_of = run_id(row.retry_of);
  if (row.workflow != 0) run.workflow_run_id = run_id(row.workflow);
  run.cancel_requested = row.cancel_requested;
  run.reason = row.reason;
  run.attempt = row.attempt;
  const json::value past = read_or_null(row.past_attempts);
  if (const auto* list = past.if_array()) {
    for (const json::value& each : *list) run.attempts.push_back(past_attempt(each));
  }
  if (row.attempt > 0) run.attempts.push_back(newest_attempt(row));
  run.created_at = row.created_at;
  run.started_at = row.started_at;
  run.finished_at = row.finished_at;
  run.result = read_or_null(row.result);
  if (!row.error.empty() && row.state != RunState::completed) run.error = decode_error(row.error);
  run.params = read_or_null(row.params);
  run.node = row.node.str();
  if (row.items > 0) run.items = RunItems{row.items, row.items_completed, row.items_failed};
  if (row.item_of != 0) run.item_of = run_id(row.item_of);
  return run;
}

}  // namespace taskcore
