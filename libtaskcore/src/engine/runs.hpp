// What users do to runs, inside the store's transaction: execute, submit, cancel, retry, signal.
#pragma once

#include <string>
#include <vector>

#include "engine/ledger.hpp"
#include "taskcore/scheduler.hpp"

namespace taskcore {

/// One run to make, its parameters already text.
struct NewRun {
  std::string task_id{};
  SharedText params{};
};

/// The parameters as text, empty for null. Errors: `invalid`, above 256 KiB.
Result<SharedText> encode_params(const boost::json::value& params);

/// A signal's payload as text. Errors: `invalid`, above 256 KiB.
Result<SharedText> encode_signal(const boost::json::value& payload);

/// A new run of the task of `settled` with the same params, in the same workflow; not yet stored.
RunRow repeat_run(Ledger& ledger, const RunRow& settled);

/// Makes such a run, on its own where `settled` was of a workflow: that is tried again as a whole.
std::shared_ptr<const RunRow> place_again(Ledger& ledger, Entry& entry, const RunRow& settled);

Result<Run> execute_task(Ledger& ledger, NewRun request, const TaskGuard& guard);
Result<std::vector<std::string>> submit_runs(Ledger& ledger, std::vector<NewRun> requests);
Result<Task> cancel_task(Ledger& ledger, const std::string& id, const TaskGuard& guard);
Result<Run> cancel_run(Ledger& ledger, const std::string& id, const TaskGuard& guard);
Result<Run> retry_run(Ledger& ledger, const std::string& id, const TaskGuard& guard);
Result<Run> signal_run(Ledger& ledger, const std::string& id, const SharedText& payload, const TaskGuard& guard);

/// The error for a run that is not there.
Error no_such_run(std::string_view id);

}  // namespace taskcore
