// What a listing asks for, and the page that it gets.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "taskcore/log.hpp"
#include "taskcore/run.hpp"
#include "taskcore/task.hpp"

namespace taskcore {

/// One page. `next_cursor` is empty on the last; else it is passed on as the query's `cursor`. Opaque to callers.
template <class T>
struct Page {
  std::vector<T> items{};
  std::string next_cursor{};
};

/// Which tasks: empty filters match all; values of one filter are alternatives, filters add up.
struct TaskQuery {
  std::vector<Status> status{};
  std::vector<std::string> type{};
  std::vector<Priority> priority{};
  std::vector<std::string> tag{};
  std::vector<std::string> assigned_to{};
  std::vector<std::string> created_by{};
  std::string text{};        ///< Part of the id, the name or the description; ASCII case does not matter.
  std::string visible_to{};  ///< When set: only tasks that this user created or is assigned to.
  bool oldest_first = false;
  std::size_t limit = 50;  ///< 1 to 1000.
  std::string cursor{};
};

/// Which runs, likewise. Of two moments the first is the earliest that matches, the second the first that no longer
/// does.
struct RunQuery {
  std::string task_id{};
  std::vector<Status> status{};
  std::vector<Trigger> trigger{};
  std::optional<TimePoint> created_after{};
  std::optional<TimePoint> created_before{};
  std::optional<TimePoint> finished_after{};  ///< These two let settled runs through only.
  std::optional<TimePoint> finished_before{};
  bool dead_letters = false;  ///< Only runs that failed and that no run has been made to repeat.
  std::string item_of{};      ///< Only the items of this run; empty: only runs that are no item.
  std::string visible_to{};
  bool oldest_first = false;
  std::size_t limit = 50;  ///< 1 to 1000.
  std::string cursor{};
};

/// Lines of a task or of one run, grouped by run, oldest run first.
struct LogQuery {
  std::string task_id{};
  std::string run_id{};
  LogLevel level = LogLevel::debug;  ///< The least level.
  std::optional<TimePoint> since{};
  std::size_t limit = 50;  ///< 1 to 1000.
  std::string cursor{};
};

/// By name.
struct CalendarQuery {
  std::size_t limit = 50;  ///< 1 to 1000.
  std::string cursor{};
};

}  // namespace taskcore
