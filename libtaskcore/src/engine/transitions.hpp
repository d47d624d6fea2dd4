// What becomes of a run when an attempt ends. Pure: the row, the task's rules, the end and the instant in, the new row
// out. The caller writes it only if the run still stands under the same fence.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "taskcore/executor.hpp"
#include "taskcore/store.hpp"
#include "taskcore/task.hpp"

namespace taskcore {

/// Why an attempt was asked to stop.
enum class StopReason : std::uint8_t { none, timeout, cancelled, shutdown, lease_lost };

/// How an attempt ended: by itself (`outcome`), by a stop that it was asked for, or because its process died (`lost`).
struct AttemptEnd {
  Outcome outcome{};
  StopReason stopped = StopReason::none;
  bool lost = false;
  bool had_signal = false;  ///< It began with the signal that the row has.
};

/// As RunRow::reason of a run that waits for a signal.
inline constexpr std::string_view kSignalReason = "signal";

/// Whether a ready run waits for a signal. One that is claimed although it does has waited in vain: its deadline has
/// passed.
inline bool awaits_signal(const RunRow& row) noexcept {
  return row.reason == kSignalReason && row.signal_value.empty();
}

/// Gives a run that is not settled, and has no signal, this one; if it waits for it, it is ready from `now` on.
void give_signal(RunRow& row, SharedText value, TimePoint now);

/// Moves `row` (state running) on: closed for good, or ready again at some later instant.
void end_attempt(RunRow& row, const TaskSpec& spec, const AttemptEnd& end, TimePoint now, std::uint64_t draw);

/// Claims `row` (state ready) for `node`: the next attempt under the next fence.
void begin_attempt(RunRow& row, SharedText node, std::int64_t task_version, TimePoint now);

/// The most that a result may be as text.
inline constexpr std::size_t kMaxResultBytes = 256 * 1024;
/// The error of a larger one.
RunError result_too_large();

/// Ends a run that is not running, without an attempt.
void end_without_attempt(RunRow& row, RunState state, TimePoint now);
void fail_without_attempt(RunRow& row, const RunError& error, TimePoint now);
void cancel_unstarted(RunRow& row, std::string reason, TimePoint now);

}  // namespace taskcore
