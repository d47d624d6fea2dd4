// Workflow runs: a task and all that it depends on, run by one request. A workflow is known by its own run, that of the
// task which was asked for; the runs of the others name it, and inside it edges are met by its own runs only.
#pragma once

#include <string>

#include "engine/ledger.hpp"
#include "engine/runs.hpp"
#include "taskcore/scheduler.hpp"

namespace taskcore {

/// Makes a run of the task, and one of each task that it depends on. `guard` is asked for each. Gives the task's own.
Result<Run> execute_workflow(Ledger& ledger, NewRun request, const TaskGuard& guard);

/// Ends what is live of it.
Result<WorkflowRun> cancel_workflow(Ledger& ledger, const std::string& id, const TaskGuard& guard);

/// Makes a new run for each task whose newest run in it did not complete.
Result<WorkflowRun> retry_workflow(Ledger& ledger, const std::string& id, const TaskGuard& guard);

/// Reads it. Errors: `not_found`, also for a run that is not a workflow's own.
Result<WorkflowRun> view_workflow(StoreReader& reader, const std::string& id, TimePoint now);

}  // namespace taskcore
