// Putting runs in their place: born, made ready, cancelled; with the task's counts kept true.
#pragma once

#include <optional>
#include <string>

#include "engine/ledger.hpp"

namespace taskcore {

/// The most runs of one task that may wait.
constexpr std::int64_t kMaxWaitingRuns = 10000;

/// Whether the task has no room for one more run beside those live and `coming`.
bool is_full(const Entry& entry, std::int64_t coming = 0);
/// The error for a task that is full.
Error too_many_waiting(const Entry& entry);

/// A new run of the task, due at `due`, not yet stored.
RunRow new_run(const Ledger& ledger, const Entry& entry, TimePoint due);

/// Stores `run`: held when `held`, waiting when the task has dependencies, running at once when a slot is free, else
/// ready. Gives the run as stored; null when the task already has a run for its `scheduled_for`.
std::shared_ptr<const RunRow> place_run(Ledger& ledger, Entry& entry, RunRow&& run, bool held);

/// The same for one that is not to be dropped, such as a run by hand: beside the live one, in its place, or behind it.
std::shared_ptr<const RunRow> place_asked(Ledger& ledger, Entry& entry, RunRow&& run);

/// A waiting or held run may go on: to its dependencies when it was held, else to the queue.
void make_ready(Ledger& ledger, Entry& entry, RunRow& run, RunState from);

/// The oldest held run of the task. Asks the store only when it is not known that there is none.
std::optional<RunRow> first_held(Ledger& ledger, Entry& entry);

/// Lets the oldest held run go when nothing of the task is before it any more.
void release_held(Ledger& ledger, Entry& entry);

/// Ends a live run, with its items if it has some, or asks what runs to stop. Gives the run as it then stands.
RunRow cancel_one(Ledger& ledger, Entry& entry, RunRow run, const std::string& reason);

/// The same for all live runs of the task.
void cancel_live(Ledger& ledger, Entry& entry, const std::string& reason);

/// Books that `run` of the task, which is no item, is settled.
void count_settled(Ledger& ledger, Entry& entry, const RunRow& run);

}  // namespace taskcore
