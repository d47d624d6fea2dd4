// The log of a task or of one run as a page: the stored lines, and between them the lines that the rows themselves tell
// (created, attempt started, attempt ended), which are therefore not stored again.
#pragma once

#include "taskcore/query.hpp"
#include "taskcore/store.hpp"

namespace taskcore {

/// The lines that a run's row tells, in order: start and end of each attempt; the end of a run that had none.
std::vector<LogEntry> told_lines(const Run& run);

/// Throws StoreFailure. Errors: `invalid` for a cursor that is none, and for a limit out of range.
/// `run` 0 means the whole task.
Result<Page<LogEntry>> page_logs(StoreReader& reader, const TaskRow& task, RunKey run, const LogQuery& query);

}  // namespace taskcore
