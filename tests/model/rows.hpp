// The model's store: real rows packed into bytes and back, and the conditional writes that store.hpp states.
#pragma once

#include "model/state.hpp"
#include "taskcore/store.hpp"

namespace taskcore::model {

/// One step of the clock.
constexpr Duration kTick{1000};
/// Every decision is made at this instant: what is later is later by so many steps.
constexpr TimePoint kNow{std::chrono::hours(1)};

/// The row that the engine's own code decides on. `run` is the place in Tables::rows.
RunRow unpack(const Setup& setup, const Row& row, int run);
Row pack(const Setup& setup, const RunRow& row);

/// Retries and losses wait one step.
TaskSpec spec_of(const Setup& setup);

inline RunState state_of(const Row& row) { return static_cast<RunState>(row.state); }
inline bool settled(const Row& row) { return is_settled(state_of(row)); }

/// Each gives whether it has written. A guard that is left out is left out here.
bool start_run(const Setup& setup, Tables& store, int run, const Row& row);
/// `cancel_read` is the `cancel_requested` that the decision was made on.
bool settle_run(const Setup& setup, Tables& store, int run, const Row& row, bool cancel_read);
bool change_run(Tables& store, int run, const Row& row, RunState expected);

}  // namespace taskcore::model
