// What has just become durable: told to subscribers after the commit, in commit order.
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
    run_settled
  };
  std::uint64_t seq = 0;  ///< Grows by one with each event of this scheduler.
  Type type = Type::task_created;
  std::string task_id{};
  std::string run_id{};  ///< Empty for task events.
  Status status = Status::pending;
  TimePoint at{};
};

std::string_view to_string(Event::Type value) noexcept;

}  // namespace taskcore
