// A task with every field set to something else than its default, and what it takes to compare two.
#pragma once

#include <tuple>

#include "taskcore/task.hpp"

namespace taskcore::samples {

inline TimePoint at(std::int64_t ms) { return TimePoint(Duration(ms)); }

inline TaskSpec full_spec() {
  TaskSpec spec;
  spec.id = "build:app-1.0";
  spec.name = "Bau \xC3\xA4\xE2\x82\xAC \"quoted\"";
  spec.description = "two\nlines\tand a tab";
  spec.config =
      script({.command = "make", .args = {"all", ""}, .cwd = "/app", .env = {{"K", "V"}}, .no_retry_exit_codes = {2}});
  spec.config.values["extra"] = {{"null", nullptr}, {"third", 0.1 + 0.2}, {"big", 9223372036854775807}};
  spec.schedule = "daily at 2:00";
  spec.timezone = "Europe/Berlin";
  spec.start_at = at(1'800'000'000'123);
  spec.end_at = at(1'900'000'000'456);
  spec.max_runs = 12;
  spec.calendar = "rest";
  spec.on_closed_day = OnClosedDay::next_working_day;
  spec.schedule_jitter = Duration(90000);
  spec.priority = Priority::high;
  spec.dependencies = {"task_run_tests", "lint"};
  spec.trigger_rule = TriggerRule::any_failed;
  spec.on_dependency_failure = OnDependencyFailure::cancel;
  spec.for_each = "${params.files}";
  spec.max_retries = 0;
  spec.retry = {
      .initial_delay = Duration(7), .multiplier = 46.14384090742737, .max_delay = Duration(8), .jitter = Jitter::none};
  spec.timeout = Duration(1);
  spec.misfire = Misfire::run_all;
  spec.catch_up_limit = 9;
  spec.start_deadline = Duration(60000);
  spec.overlap = Overlap::cancel_previous;
  spec.recovery = Recovery::fail;
  spec.max_lost = 1;
  spec.kill_grace = Duration(0);
  spec.queue = "reports";
  spec.concurrency_key = "customer 7";
  spec.unique_key = "order 42";
  spec.tags = {"nightly", "b"};
  spec.assigned_to = {"bob"};
  spec.notify = {{.on = NotifyOn::failure, .task = "page"},
                 {.on = NotifyOn::failure, .call = {.type = "webhook", .values = {{"url", "https://x/"}}}},
                 {.on = NotifyOn::recovery, .task = "page"},
                 {.on = NotifyOn::late, .task = "page", .after = Duration(90000)}};
  spec.paused = true;
  return spec;
}

inline bool same(const TaskSpec& a, const TaskSpec& b) {
  const auto all = [](const TaskSpec& s) {
    return std::tie(s.id, s.name, s.description, s.config.type, s.config.values, s.schedule, s.timezone, s.start_at,
                    s.end_at, s.max_runs, s.calendar, s.on_closed_day, s.schedule_jitter, s.priority, s.dependencies,
                    s.trigger_rule, s.on_dependency_failure, s.for_each, s.max_retries, s.retry.initial_delay,
                    s.retry.multiplier, s.retry.max_delay, s.retry.jitter, s.timeout, s.misfire, s.catch_up_limit,
                    s.start_deadline, s.overlap, s.recovery, s.max_lost, s.kill_grace, s.queue, s.concurrency_key,
                    s.unique_key, s.tags, s.assigned_to, s.notify, s.paused);
  };
  return all(a) == all(b);
}

}  // namespace taskcore::samples
