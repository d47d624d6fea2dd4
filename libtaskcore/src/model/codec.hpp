// Rows to public values and back: the texts that a store keeps without reading them, and what users see of a row.
// Texts are read tolerantly, since an older taskcore may have written them: a field that is missing has its default.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "taskcore/log.hpp"
#include "taskcore/queue.hpp"
#include "taskcore/result.hpp"
#include "taskcore/run.hpp"
#include "taskcore/store.hpp"
#include "taskcore/task.hpp"

namespace taskcore {

/// A task's definition as stored. `spec.schedule` is the text that instants are reckoned from ("at …Z" for "in 10
/// minutes"); `schedule_source` is what the user wrote, so that sending it again is seen to change nothing.
struct StoredSpec {
  TaskSpec spec;
  std::string schedule_source{};
};

/// `decode_spec` gives back exactly what `encode_spec` was given, but for the id, which the row has. Fields that have
/// the default of TaskSpec are not written: whoever changes such a default rewrites what is stored.
std::string encode_spec(const StoredSpec& stored);

/// Errors: `corrupt`.
Result<StoredSpec> decode_spec(std::string_view text);

/// A calendar's definition as stored: all but its name, which the row has. Errors: `corrupt`.
std::string encode_calendar(const CalendarSpec& spec);
Result<Calendar> decode_calendar(const CalendarRow& row);

/// What a queue is set to, as stored: all but its name, which the row has. Errors: `corrupt`.
std::string encode_queue(const QueueSpec& spec);
Result<QueueSpec> decode_queue(const QueueRow& row);

/// `decode_error` never fails: text that it cannot read gives an error with code "unreadable".
std::string encode_error(const RunError& error);
RunError decode_error(std::string_view text);

/// `row.past_attempts` with the row's newest attempt added: what to store before the next attempt takes its place.
std::string close_attempt(const RunRow& row);

/// When a run between attempts goes on by itself; none when it is not between attempts, or waits for a signal with no
/// deadline.
std::optional<TimePoint> retry_instant(const RunRow& row);

/// The run as users see it. `waiting_on` is left empty: it takes other rows to tell.
Run make_run(const RunRow& row, std::string task_id);

/// The task as users see it. `retry_at` and `waiting_on` are left empty: it takes its runs to tell.
Task make_task(const TaskRow& row, TaskSpec spec);

/// Lines of the log that are not stored because a row says as much.
LogEntry created_line(const TaskRow& row);
LogEntry attempt_start_line(const Run& run, const Attempt& attempt);
/// Precondition: the attempt has ended.
LogEntry attempt_end_line(const Run& run, const Attempt& attempt);

/// A stored line.
LogEntry make_log(const LogRow& row);

}  // namespace taskcore
