// Rows as values: which column is which member.
#pragma once

#include <string>
#include <vector>

#include "use.hpp"

namespace taskcore::sqlite_store {

/// Read the columns kTaskColumns, kRunColumns and those of `logs`.
TaskRow read_task(Use& use);
RunRow read_run(Use& use);
/// Of a run what says where it stands in its line: id, priority, ready_at, delayed, queue and concurrency key.
RunRow read_place(Use& use);
CalendarRow read_calendar(Use& use);
QueueRow read_queue(Use& use);
LogRow read_log(Use& use);

/// A list as a JSON array; empty for an empty list.
std::string list_text(const std::vector<std::string>& values);
std::string list_text(const std::vector<TaskKey>& values);

}  // namespace taskcore::sqlite_store
