// A run: one execution of a task, made of one or more attempts.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "taskcore/task.hpp"
#include "taskcore/time.hpp"

namespace taskcore {

/// Why a run exists.
enum class Trigger : std::uint8_t { manual, schedule, backfill, dependency, retry_now };

/// How an attempt stands or ended. `lost`: its process died; `interrupted`: a shutdown ended it.
enum class AttemptStatus : std::uint8_t { running, completed, failed, timed_out, cancelled, lost, interrupted };

std::string_view to_string(Trigger value) noexcept;
std::string_view to_string(AttemptStatus value) noexcept;

/// Why an attempt failed. `code` is a short word such as "exit_code", "timeout", "exception".
struct RunError {
  std::string code;
  std::string message;
  bool retryable = true;
  boost::json::value data{};
};

struct Attempt {
  int number = 0;  ///< Counts from 1.
  TimePoint started_at{};
  std::optional<TimePoint> finished_at{};
  AttemptStatus status = AttemptStatus::running;
  std::optional<RunError> error{};
  std::optional<int> exit_code{};    ///< Of a script that exited.
  std::optional<int> signal{};       ///< Of a script that a signal ended.
  std::optional<int> http_status{};  ///< Of a call that was answered.
  std::string node{};
};

/// How the items of a run of a task with `for_each` stand. A cancelled one counts as failed.
struct RunItems {
  std::int64_t total = 0;
  std::int64_t completed = 0;
  std::int64_t failed = 0;
  bool operator==(const RunItems&) const = default;
};

struct Run {
  std::string id;
  std::string task_id;
  std::int64_t task_version = 0;  ///< The task's version that the newest attempt read.
  Status status = Status::pending;
  Trigger trigger = Trigger::manual;
  std::optional<TimePoint> scheduled_for{};  ///< The schedule's instant.
  std::int64_t missed_count = 0;             ///< Instants that this run stands for besides its own.
  std::optional<TimePoint> missed_from{};    ///< The oldest of them.
  std::string retry_of{};                    ///< The settled run that it repeats.
  std::string workflow_run_id{};             ///< The run for which it was made, with all that its task depends on.
  /// When the next attempt is due, between attempts; of a run that waits for a signal its deadline, if it has one.
  std::optional<TimePoint> retry_at{};
  bool cancel_requested = false;
  std::string reason{};  ///< Why it was cancelled, or why it waits: "signal", "rescheduled", "task_deleted", …;
                         ///< "items" while its items run.
  int attempt = 0;       ///< The newest attempt's number; 0 before the first.
  std::vector<Attempt> attempts{};
  TimePoint created_at{};
  std::optional<TimePoint> started_at{};
  std::optional<TimePoint> finished_at{};
  boost::json::value result{};
  std::optional<RunError> error{};  ///< Of the newest attempt that did not complete.
  boost::json::value params{};
  std::string node{};
  std::vector<std::string> waiting_on{};  ///< Upstreams whose completion it waits for.
  std::optional<RunItems> items{};        ///< Of a run that was made into one for each item; it is `pending` till then.
  std::string item_of{};                  ///< The run of which this one is an item.
};

/// A task and all that it depends on, run by one request.
struct WorkflowRun {
  std::string id;       ///< That of its own run: of the task that was asked for.
  std::string task_id;  ///< That task.
  /// `running` and `pending` while a run of it is; then that of its own task's newest run in it, or `failed` when that
  /// was cancelled and another failed.
  Status status = Status::pending;
  TimePoint created_at{};
  std::optional<TimePoint> finished_at{};
  std::vector<Run> nodes{};  ///< The newest run of each task, upstreams first.
};

}  // namespace taskcore
