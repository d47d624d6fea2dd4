// What subscribers are told: what has just become durable, after the commit and in commit order; and how far attempts
// are, which is stored nowhere.
#pragma once

#include <cstdint>
#include <string>

#include "taskcore/run.hpp"
#include "taskcore/task.hpp"

namespace taskcore {

struct Event {
  enum class Type : std::uint8_t {
    task_created,
    task_updated,
    task_deleted,
    run_created,
    run_started,
    run_retrying,
    run_settled,
    run_progress  ///< Between run_started and the end of the attempt; not stored, and at most four a second of a run.
  };
  std::uint64_t seq = 0;  ///< Grows by one with each event of this scheduler; 0 for run_progress.
  Type type = Type::task_created;
  std::string task_id{};
  std::string run_id{};  ///< Empty for task events.
  Status status = Status::pending;
  TimePoint at{};
  double progress = 0;  ///< Of run_progress: 0 to 1.
};

std::string_view to_string(Event::Type value) noexcept;

}  // namespace taskcore
