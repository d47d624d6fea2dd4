// What becomes of a run when an attempt ends. Pure: the row, the task's rules, the end and the instant in, the new row
// out. The caller writes it only if the run still stands under the same fence.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

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
};

/// Moves `row` (state running) on: closed for good, or ready again at some later instant.
void end_attempt(RunRow& row, const TaskSpec& spec, const AttemptEnd& end, TimePoint now, std::uint64_t draw);

/// Claims `row` (state ready) for `node`: the next attempt under the next fence.
void begin_attempt(RunRow& row, SharedText node, std::int64_t task_version, TimePoint now);

/// Ends a run that is not running, without an attempt.
void cancel_unstarted(RunRow& row, std::string reason, TimePoint now);

}  // namespace taskcore
