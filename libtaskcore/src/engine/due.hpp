// Turning instants that have passed into runs: misfire, deadline and overlap decide. Pure.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "taskcore/schedule.hpp"
#include "taskcore/task.hpp"

namespace taskcore {

/// Where a task stands when it is looked at.
struct DueFacts {
  TimePoint next_due{};  ///< The oldest instant that is not yet a run.
  TimePoint now{};
  TimePoint attentive_since{};         ///< Instants before it passed while nobody looked: they are missed.
  bool live = false;                   ///< A run of the task is live.
  bool one_waits = false;              ///< A run waits behind another one already.
  std::size_t runs_left = kUnbounded;  ///< That the schedule may still make: see runs_left().

  static constexpr std::size_t kUnbounded = std::numeric_limits<std::size_t>::max();
};

/// Why instants were dropped.
enum class SkipReason : std::uint8_t { misfire, deadline, catch_up_limit, overlap, paused, calendar, closed };
std::string_view to_string(SkipReason reason) noexcept;

struct Skipped {
  SkipReason reason{};
  std::size_t count = 0;
  TimePoint from{};
  TimePoint to{};
};

struct DueRun {
  TimePoint instant{};
  std::size_t missed_count = 0;
  std::optional<TimePoint> missed_from{};
  bool held = false;     ///< Waits behind the runs before it.
  bool on_time = false;  ///< Not one that was missed.
};

struct DuePlan {
  std::vector<DueRun> runs{};
  std::vector<Skipped> skipped{};
  bool cancel_live = false;
  std::optional<TimePoint> next_due{};
};

/// How many runs a schedule may still make that has made `made`.
std::size_t runs_left(const TaskSpec& spec, std::int64_t made) noexcept;

/// At most `facts.runs_left` runs; when they are used up there is no next instant.
DuePlan plan_due(const Schedule& schedule, const TaskSpec& spec, const DueFacts& facts);

}  // namespace taskcore
