// Tasks, runs, logs and statistics as JSON, in the shape of the REST interface. One codec for the store, the server and
// hosts.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "taskcore/audit.hpp"
#include "taskcore/calendar.hpp"
#include "taskcore/log.hpp"
#include "taskcore/queue.hpp"
#include "taskcore/result.hpp"
#include "taskcore/run.hpp"
#include "taskcore/stats.hpp"
#include "taskcore/task.hpp"

namespace taskcore {

/// The spec's fields alone, every one present.
boost::json::object to_json(const TaskSpec& spec);

/// All fields of a task but `lastRun`, which the caller adds when it has the run at hand.
boost::json::object to_json(const Task& task);
/// The same as compact text, sooner than by way of the object.
std::string to_json_text(const Task& task);
boost::json::object to_json(const Run& run);
boost::json::object to_json(const WorkflowRun& workflow);
boost::json::object to_json(const LogEntry& entry);
boost::json::object to_json(const Stats& stats);
boost::json::object to_json(const Calendar& calendar);
boost::json::object to_json(const Queue& queue);
boost::json::object to_json(const AuditEntry& entry);

/// Reads a new task. A field that is null takes its default. Errors: `invalid`, with every unknown field and wrong
/// type listed; ranges are checked later, when the task is stored.
Result<TaskSpec> task_from_json(const boost::json::object& source);

/// Reads tasks that are to be made together. Errors: `invalid`, as above, of all of them, each pointer beginning with
/// the task's index; also unless they are 1 to 10,000.
Result<std::vector<TaskSpec>> tasks_from_json(const boost::json::array& source);

/// Merges `patch` into `spec` (RFC 7396: null puts a field back to its default, `config` merges deeply but is replaced
/// when `type` changes). The server's own fields are ignored when equal to those of `current`. Errors: `invalid`.
Result<void> merge_json(const Task& current, const boost::json::object& patch, TaskSpec& spec);

/// Reads a calendar, all but its name: `description`, `weekdays`, `dates`, and `icalendar`, a text whose days are added
/// to the dates (see dates_from_icalendar). Errors: `invalid`, as above.
Result<CalendarSpec> calendar_from_json(const boost::json::object& source);

/// Reads a queue, all but its name: `limit`, `keyLimit`, `rate` and `keyRate` (objects of `limit` and `period`),
/// `paused`. What is left out or null has its default. Errors: `invalid`, as above.
Result<QueueSpec> queue_from_json(const boost::json::object& source);

}  // namespace taskcore
