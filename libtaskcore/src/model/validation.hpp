// The rules on a task's values, and its defaults. Pure: whether the schedule can be read, the executor likes the
// configuration and the dependencies exist is for the engine to ask.
#pragma once

#include <cstddef>
#include <string>

#include "taskcore/queue.hpp"
#include "taskcore/result.hpp"
#include "taskcore/task.hpp"

namespace taskcore {

/// What the scheduler's options give tasks that say nothing.
struct Defaults {
  std::string timezone = "UTC";
  int max_retries = 3;
  Duration timeout{300000};
};

/// The most items that a run may be made into.
inline constexpr std::size_t kMaxItems = 1000;

/// Fills in what the spec leaves open (schedule "manual", timezone, max_retries, timeout, queue), drops repeated tags
/// and users, and checks every range that task.hpp states. `id` may be empty: the caller makes one. After success the
/// optional fields with a default hold a value. Errors: `invalid`, with every wrong field.
Result<void> complete_spec(TaskSpec& spec, const Defaults& defaults);

/// Checks how many tasks are to be made together. Errors: `invalid`.
Result<void> check_task_count(std::size_t count);

/// Checks a calendar's name and description; its days are for ClosedDays::parse. Errors: `invalid`.
Result<void> check_calendar(const CalendarSpec& spec);

/// Errors: `invalid`.
Result<void> check_queue(const QueueSpec& spec);

}  // namespace taskcore
