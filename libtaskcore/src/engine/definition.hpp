// A task as the engine works with it: its stored text read once, its schedule parsed. Immutable, shared by its
// attempts.
#pragma once

#include <memory>

#include "model/codec.hpp"
#include "taskcore/schedule.hpp"
#include "taskcore/store.hpp"

namespace taskcore {

struct Definition {
  TaskKey key = 0;
  std::int64_t version = 0;
  StoredSpec stored{};
  Schedule schedule{};

  const TaskSpec& spec() const noexcept { return stored.spec; }
};

/// What the task's schedule is reckoned from.
ScheduleContext schedule_context(const TaskSpec& spec, TimePoint anchor);

/// Reads a stored task. Errors: `corrupt`, when the stored text cannot be read.
Result<std::shared_ptr<const Definition>> make_definition(const TaskRow& row);

}  // namespace taskcore
