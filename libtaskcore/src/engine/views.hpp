// Rows as the public values: a task with what its live runs add, a run with what it waits for.
#pragma once

#include "engine/ledger.hpp"
#include "taskcore/run.hpp"
#include "taskcore/task.hpp"

namespace taskcore {

/// As the open transaction sees it.
Task view_task(Ledger& ledger, const Entry& entry);
Run view_run(Ledger& ledger, const Entry& entry, const RunRow& run);

/// As a reader's snapshot sees it. These throw StoreFailure.
Task view_task(StoreReader& reader, const TaskRow& row, TimePoint now);
Run view_run(StoreReader& reader, const TaskRow& task, const RunRow& run, TimePoint now);
/// The same where the task's rule is known, so that a page of its runs reads its spec once.
Run view_run(StoreReader& reader, const TaskRow& task, TriggerRule rule, const RunRow& run, TimePoint now);
/// Whether the rule decides when the run goes on.
bool waits_for_dependencies(const RunRow& run) noexcept;
/// The rule of a stored task.
TriggerRule rule_of(const TaskRow& task);

}  // namespace taskcore
