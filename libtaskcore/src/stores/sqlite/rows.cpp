// Reading goes by position: the lists of members below follow the lists of columns in statements.cpp.
#include "rows.hpp"

#include <boost/json.hpp>

#include "rare.hpp"

namespace taskcore::sqlite_store {
namespace {

template <class Value>
std::string text_of(const std::vector<Value>& values) {
  if (values.empty()) return {};
  boost::json::array array;
  for (const Value& value : values) array.emplace_back(value);
  return boost::json::serialize(array);
}

template <class Value>
void read_list(Use& use, std::vector<Value>& values) {
  const auto text = use.get<std::string>();
  if (text.empty()) return;
  boost::json::parse_options options;
  options.allow_invalid_utf8 = true;  // It is the engine's matter what it lets in.
  boost::json::error_code failed;
  const auto array = boost::json::parse(text, failed, {}, options);
  if (!failed) {
    auto read = boost::json::try_value_to<std::vector<Value>>(array);
    if (read) {
      values = std::move(*read);
      return;
    }
  }
  use.check(SQLITE_CORRUPT);
}

}  // namespace

TaskRow read_task(Use& use) {
  TaskRow row;
  TaskState& state = row.state;
  use.get(row.key, state.next_due, state.live, state.running, state.last_run, state.last_settled, state.last_status,
          state.last_completed, state.schedule_runs, row.version, row.priority, row.created_at, row.updated_at,
          row.anchor, row.once, row.paused, row.deleted, row.id, row.type, row.created_by, row.name);
  read_list(use, row.tags);
  read_list(use, row.assigned_to);
  read_list(use, row.upstreams);
  read_list(use, state.consumed);
  use.get(row.calendar, row.unique_key, row.description, row.spec);
  return row;
}

RunRow read_run(Use& use) {
  RunRow row;
  use.get(row.id, row.task, row.state, row.fence, row.priority, row.ready_at, row.due_at, row.created_at,
          row.started_at, row.finished_at, row.scheduled_for, row.trigger, row.attempt, row.task_version,
          row.attempt_started_at, row.attempt_finished_at, row.attempt_status, row.delayed, row.workflow, row.item_of,
          row.retry_of, row.queue, row.concurrency_key, row.node);
  read_rare(use, row);
  use.get(row.reason, row.params, row.result, row.error, row.checkpoint, row.past_attempts, row.signal_value);
  return row;
}

RunRow read_place(Use& use) {
  RunRow row;
  use.get(row.id, row.priority, row.ready_at, row.delayed, row.queue, row.concurrency_key);
  return row;
}

CalendarRow read_calendar(Use& use) {
  CalendarRow row;
  use.get(row.name, row.updated_at, row.spec);
  return row;
}

QueueRow read_queue(Use& use) {
  QueueRow row;
  use.get(row.name, row.updated_at, row.spec);
  return row;
}

LogRow read_log(Use& use) {
  LogRow row;
  use.get(row.id, row.task, row.run, row.attempt, row.at, row.level, row.stream, row.message, row.data);
  return row;
}

std::string list_text(const std::vector<std::string>& values) { return text_of(values); }
std::string list_text(const std::vector<TaskKey>& values) { return text_of(values); }

}  // namespace taskcore::sqlite_store
