// Log lines: stored ones out of rows, and those that are derived from a task or an attempt whenever someone looks.
#include <boost/json/object.hpp>

#include "model/codec.hpp"
#include "model/ids.hpp"
#include "model/json_run.hpp"
#include "model/json_text.hpp"
#include "model/names.hpp"

namespace taskcore {

namespace json = boost::json;

namespace {

LogLevel level_of(AttemptStatus status) {
  switch (status) {
    case AttemptStatus::running:
    case AttemptStatus::completed:
      return LogLevel::info;
    case AttemptStatus::cancelled:
    case AttemptStatus::interrupted:
      return LogLevel::warn;
    case AttemptStatus::failed:
    case AttemptStatus::timed_out:
    case AttemptStatus::lost:
      break;
  }
  return LogLevel::error;
}

std::string words_of(AttemptStatus status) {
  return status == AttemptStatus::timed_out ? "timed out" : std::string(to_string(status));
}

LogEntry attempt_line(const Run& run, const Attempt& attempt, const std::string& what) {
  LogEntry line;
  line.message = "attempt " + std::to_string(attempt.number) + ' ' + what;
  line.run_id = run.id;
  line.attempt = attempt.number;
  return line;
}

}  // namespace

LogEntry created_line(const TaskRow& row) {
  LogEntry line;
  line.timestamp = row.created_at;
  line.message = "task created";
  return line;
}

LogEntry attempt_start_line(const Run& run, const Attempt& attempt) {
  LogEntry line = attempt_line(run, attempt, "started");
  line.timestamp = attempt.started_at;
  if (!attempt.node.empty()) line.data = json::object{{"node", attempt.node}};
  return line;
}

LogEntry attempt_end_line(const Run& run, const Attempt& attempt) {
  LogEntry line = attempt_line(run, attempt, words_of(attempt.status));
  line.timestamp = attempt.finished_at.value_or(attempt.started_at);
  line.level = level_of(attempt.status);
  json::object data;
  if (attempt.error) {
    if (!attempt.error->message.empty()) line.message += ": " + attempt.error->message;
    data["error"] = error_to_json(*attempt.error);
  }
  if (attempt.exit_code) data["exitCode"] = *attempt.exit_code;
  if (attempt.signal) data["signal"] = *attempt.signal;
  if (!data.empty()) line.data = std::move(data);
  return line;
}

LogEntry make_log(const LogRow& row) {
  LogEntry line;
  line.timestamp = row.at;
  line.level = row.level;
  line.message = row.message;
  if (!row.data.empty()) {
    if (auto data = parse_json(row.data)) line.data = std::move(*data);
  }
  if (row.run != 0) line.run_id = run_id(row.run);
  line.attempt = row.attempt;
  line.stream = row.stream;
  return line;
}

}  // namespace taskcore
