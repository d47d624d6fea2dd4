// Telling somebody that a task has failed, has recovered or is late: in the transaction in which it happens, by a run,
// so what is told is as durable as what it is about, and is tried again as any run.
#pragma once

#include <functional>
#include <string>

#include "engine/ledger.hpp"
#include "taskcore/scheduler.hpp"

namespace taskcore {

/// Says of a task's id that nobody need be asked for that task.
using KnownTask = std::function<bool(const std::string& id)>;

/// Refuses a notification that runs a task which is not there, or which `may_notify` refuses, unless it is `known`, if
/// that is set. Errors: `invalid`.
Result<void> check_notified(Ledger& ledger, const TaskSpec& spec, const KnownTask& known, const TaskGuard& may_notify);

/// A run has ended; its task's state does not say so yet. Told once a change: cancelled runs change nothing.
void notify_end(Ledger& ledger, Entry& entry, const RunRow& run);

/// A run has begun its first attempt. Told once, until one of the schedule's runs has begun in time; runs by hand
/// and backfills are never late.
/// Gives whether anybody was told.
bool notify_begin(Ledger& ledger, Entry& entry, const RunRow& run);

/// Whether there is anything to ask `notify_begin` about: cheap.
bool tells_of_begin(const TaskSpec& spec, const RunRow& run) noexcept;

}  // namespace taskcore
