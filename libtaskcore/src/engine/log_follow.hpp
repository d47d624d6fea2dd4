// The log of a task or of one run as it grows: for readers that come again for what is new. A page of log_view is in
// the order of the runs, so lines of runs that go side by side come into its middle; here a line comes when it is
// there, once, and the place is known behind each line.
#pragma once

#include <string_view>

#include "taskcore/query.hpp"
#include "taskcore/store.hpp"

namespace taskcore {

/// How a cursor begins that follows; the word alone begins with the first line.
inline constexpr std::string_view kFollow = "follow";

/// What there is now, at most `query.limit` lines. `next_cursor` is never empty: it has the cursor behind each line and
/// then the one to go on with, separated by blanks. Of a task's runs that are not over, the oldest 256 are followed.
/// Throws StoreFailure. Errors: `invalid` for a cursor that is none.
Result<Page<LogEntry>> follow_logs(StoreReader& reader, const TaskRow& task, RunKey run, const LogQuery& query);

}  // namespace taskcore
