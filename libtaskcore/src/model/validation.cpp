// Which rule each value of a task obeys. All of them are stated in words in task.hpp and retry.hpp.
#include "model/validation.hpp"

#include <unordered_set>

#include "model/json_text.hpp"
#include "model/notify_json.hpp"
#include "model/rules.hpp"
#include "model/text.hpp"

namespace taskcore {
namespace {

using std::chrono::days;

constexpr std::size_t kMaxIdSize = 128;
constexpr std::size_t kMaxWordSize = 64;  // of a queue, a type or a calendar
constexpr std::size_t kMaxNameLength = 200;
constexpr std::size_t kMaxDescriptionLength = 10'000;
constexpr std::size_t kMaxScheduleLength = 1000;
constexpr std::size_t kMaxTimezoneLength = 100;
constexpr std::size_t kMaxTagLength = 100;
constexpr std::size_t kMaxUserLength = 256;
constexpr std::size_t kMaxKeyLength = 200;
constexpr std::size_t kMaxConfigBytes = 64 * 1024;
constexpr int kMostAtOnce = 100'000;  // runs
constexpr std::size_t kMaxTags = 50;
constexpr std::size_t kMaxUsers = 100;
constexpr std::size_t kMaxDependencies = 100;
constexpr std::size_t kMaxNotifications = 10;
constexpr std::size_t kMaxNotificationBytes = 16 * 1024;
constexpr std::size_t kMaxForEachBytes = 256 * 1024;
constexpr std::size_t kMaxTasksTogether = 10'000;

void check_identity(TaskSpec& spec, Rules& rules) {
  if (!spec.id.empty()) rules.token("/id", spec.id, kMaxIdSize);
  if (spec.id == "stats") rules.fault("/id", "must not be \"stats\", which names the statistics");
  rules.line("/name", spec.name, kMaxNameLength);
  rules.prose("/description", spec.description, kMaxDescriptionLength);
  rules.token("/queue", spec.queue, kMaxWordSize);
  if (!spec.concurrency_key.empty()) rules.line("/concurrencyKey", spec.concurrency_key, kMaxKeyLength);
  if (!spec.unique_key.empty()) rules.line("/uniqueKey", spec.unique_key, kMaxKeyLength);
  rules.unique_lines("/tags", spec.tags, kMaxTags, kMaxTagLength);
  rules.unique_lines("/assignedTo", spec.assigned_to, kMaxUsers, kMaxUserLength);
}

void check_config(const TaskConfig& config, Rules& rules) {
  rules.token("/type", config.type, kMaxWordSize);
  if (auto flaw = json_flaw(config.values, "/config")) {
    rules.fault(std::move(flaw->pointer), std::move(flaw->detail));
  } else if (is_longer_than(config.values, kMaxConfigBytes)) {
    rules.fault("/config", "must be at most 64 KiB of JSON text");
  }
}

void check_schedule(const TaskSpec& spec, Rules& rules) {
  rules.prose("/schedule", spec.schedule, kMaxScheduleLength);
  rules.line("/timezone", spec.timezone, kMaxTimezoneLength);
  if (spec.start_at) rules.instant("/startAt", *spec.start_at);
  if (spec.end_at) rules.instant("/endAt", *spec.end_at);
  if (spec.start_at && spec.end_at && *spec.end_at < *spec.start_at) {
    rules.fault("/endAt", "must not be before startAt");
  }
  if (spec.max_runs) rules.range("/maxRuns", *spec.max_runs, 1, 1'000'000'000);
  if (!spec.calendar.empty()) rules.token("/calendar", spec.calendar, kMaxWordSize);
  rules.choice("/onClosedDay", spec.on_closed_day);
  rules.span("/scheduleJitter", spec.schedule_jitter, Duration(0), days(1));
  rules.choice("/misfire", spec.misfire);
  rules.range("/catchUpLimit", spec.catch_up_limit, 1, 10'000);
  if (spec.start_deadline) rules.span("/startDeadline", *spec.start_deadline, Duration(1), days(365));
  rules.choice("/overlap", spec.overlap);
  rules.choice("/priority", spec.priority);
}

void check_dependencies(const TaskSpec& spec, Rules& rules) {
  rules.choice("/triggerRule", spec.trigger_rule);
  rules.choice("/onDependencyFailure", spec.on_dependency_failure);
  if (spec.dependencies.size() > kMaxDependencies) {
    rules.fault("/dependencies", "must be at most 100 ids");
    return;
  }
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = 0; i < spec.dependencies.size(); ++i) {
    const std::string& id = spec.dependencies[i];
    if (!is_token(id, kMaxIdSize)) {
      rules.fault(pointer_to("/dependencies", i), "must be the id of a task");
    } else if (!seen.insert(id).second) {
      rules.fault(pointer_to("/dependencies", i), "must not be named twice");
    }
  }
}

/// Of a text the placeholder is checked apart: what was stored before a dependency went stays allowed.
void check_for_each(const TaskSpec& spec, Rules& rules) {
  if (spec.for_each.is_null()) return;
  const auto* items = spec.for_each.if_array();
  if (items == nullptr && !spec.for_each.is_string()) {
    rules.fault("/forEach", "must be a list, or a text that is one placeholder such as \"${params.items}\"");
  } else if (items != nullptr && items->size() > kMaxItems) {
    rules.fault("/forEach", "must be at most 1,000 items");
  } else if (auto flaw = json_flaw(spec.for_each, "/forEach")) {
    rules.fault(std::move(flaw->pointer), std::move(flaw->detail));
  } else if (is_longer_than({{"forEach", spec.for_each}}, kMaxForEachBytes)) {
    rules.fault("/forEach", "must be at most 256 KiB of JSON text");
  }
}

void check_attempts(const TaskSpec& spec, Rules& rules) {
  const RetryPolicy& retry = spec.retry;
  rules.range("/maxRetries", spec.max_retries.value_or(0), 0, 1000);
  rules.span("/retry/initialDelay", retry.initial_delay, Duration(0), days(30));
  // Said this way round, it refuses what is not a number too.
  if (!(retry.multiplier >= 1 && retry.multiplier <= 100)) rules.fault("/retry/multiplier", "must be from 1 to 100");
  rules.span("/retry/maxDelay", retry.max_delay, Duration(0), days(30));
  if (retry.max_delay >= Duration(0) && retry.max_delay < retry.initial_delay) {
    rules.fault("/retry/maxDelay", "must not be less than initialDelay");
  }
  rules.choice("/retry/jitter", retry.jitter);
  if (spec.timeout) rules.span("/timeout", *spec.timeout, Duration(1), days(30));
  rules.choice("/recovery", spec.recovery);
  rules.range("/maxLost", spec.max_lost, 1, 100);
  rules.span("/killGrace", spec.kill_grace, Duration(0), std::chrono::minutes(10));
}

void check_notify(const TaskSpec& spec, Rules& rules) {
  if (spec.notify.size() > kMaxNotifications) return rules.fault("/notify", "must tell at most 10 times");
  for (std::size_t i = 0; i < spec.notify.size(); ++i) {
    const Notification& one = spec.notify[i];
    const std::string where = notify_pointer(spec.notify, i);
    rules.span(where + "/after", one.after, Duration(0), days(30));
    if (!one.task.empty()) {
      rules.token(where + "/task", one.task, kMaxIdSize);
      if (one.task == spec.id) rules.fault(where + "/task", "must be another task");
    } else if (auto flaw = json_flaw(one.call.values, where)) {
      rules.fault(std::move(flaw->pointer), std::move(flaw->detail));
    } else if (is_longer_than(one.call.values, kMaxNotificationBytes)) {
      rules.fault(where, "must be at most 16 KiB of JSON text");
    }
  }
}

void check_rate(const std::string& pointer, const std::optional<Rate>& rate, Rules& rules) {
  if (!rate) return;
  rules.range(pointer + "/limit", rate->limit, 1, 1'000'000);
  rules.span(pointer + "/period", rate->period, Duration(1), days(1));
}

}  // namespace

Result<void> complete_spec(TaskSpec& spec, const Defaults& defaults) {
  if (spec.schedule.empty()) spec.schedule = "manual";
  if (spec.timezone.empty()) spec.timezone = defaults.timezone;
  if (spec.queue.empty()) spec.queue = TaskSpec{}.queue;
  if (!spec.max_retries) spec.max_retries = defaults.max_retries;
  if (!spec.timeout) spec.timeout = defaults.timeout;

  Faults faults;
  Rules rules(faults);
  check_identity(spec, rules);
  check_config(spec.config, rules);
  check_schedule(spec, rules);
  check_dependencies(spec, rules);
  check_for_each(spec, rules);
  check_attempts(spec, rules);
  check_notify(spec, rules);
  return faults.take();
}

Result<void> check_task_count(std::size_t count) {
  if (count >= 1 && count <= kMaxTasksTogether) return {};
  return invalid("", "there must be 1 to 10,000 tasks");
}

Result<void> check_queue(const QueueSpec& spec) {
  Faults faults;
  Rules rules(faults);
  rules.token("/name", spec.name, kMaxWordSize);
  rules.range("/limit", spec.limit.value_or(1), 1, kMostAtOnce);
  rules.range("/keyLimit", spec.key_limit, 1, kMostAtOnce);
  check_rate("/rate", spec.rate, rules);
  check_rate("/keyRate", spec.key_rate, rules);
  return faults.take();
}

Result<void> check_calendar(const CalendarSpec& spec) {
  Faults faults;
  Rules rules(faults);
  rules.token("/name", spec.name, kMaxWordSize);
  rules.prose("/description", spec.description, kMaxDescriptionLength);
  return faults.take();
}

}  // namespace taskcore
