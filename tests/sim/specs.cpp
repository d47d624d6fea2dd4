#include "sim/specs.hpp"

#include <algorithm>

namespace taskcore::sim {
namespace {

std::string some_schedule(Chance& chance, TimePoint now) {
  switch (chance.below(10)) {
    case 0:
      return "now";
    case 1:
      return "in " + std::to_string(chance.between(1, 300)) + " seconds";
    case 2:
      return "at " + format_time(now + chance.ms(-60000, 3600000));
    case 3:
      return "daily at 0:30 and 12:00";
    case 4:
      return "every hour";
    case 5:
      return "every " + std::to_string(chance.between(1, 20)) + " minutes";
    case 6:
      return "every " + std::to_string(chance.between(2, 90)) + " seconds";
    default:
      return "";
  }
}

std::string some_calendar_name(Chance& chance) { return chance.of({"rest-a", "rest-b", "rest-c"}); }

std::vector<std::string> some_dependencies(Chance& chance, const std::vector<std::string>& others) {
  std::vector<std::string> out;
  for (int i = chance.between(1, 2); i > 0 && !others.empty(); --i) {
    const std::string& id = chance.pick(others);
    if (std::find(out.begin(), out.end(), id) == out.end()) out.push_back(id);
  }
  return out;
}

void set_rule(Chance& chance, TaskSpec& spec) {
  spec.trigger_rule = chance.of(
      {TriggerRule::all_completed, TriggerRule::all_finished, TriggerRule::any_completed, TriggerRule::any_failed});
  spec.on_dependency_failure =
      chance.of({OnDependencyFailure::wait, OnDependencyFailure::cancel, OnDependencyFailure::run});
}

/// A list of some items, or what is none.
boost::json::value some_items(Chance& chance) {
  if (chance.one_in(8)) return "${params.items}";
  boost::json::array out;
  for (int i = chance.between(0, 4); i > 0; --i) out.emplace_back(i);
  return out;
}

RetryPolicy some_retry(Chance& chance) {
  RetryPolicy retry;
  retry.initial_delay = chance.of({Duration(0), Duration(10), Duration(1000), Duration(5000)});
  retry.multiplier = chance.of({1.0, 2.0, 3.5});
  retry.max_delay = Duration(30000);
  retry.jitter = chance.of({Jitter::none, Jitter::full});
  return retry;
}

}  // namespace

TaskSpec some_spec(Chance& chance, const std::vector<std::string>& others, TimePoint now, const std::string& mark) {
  TaskSpec spec;
  spec.name = "a task";
  spec.description = mark;
  spec.config.type = "sim";
  spec.schedule = some_schedule(chance, now);
  if (chance.one_in(12)) spec.start_at = now + chance.ms(0, 600000);
  if (chance.one_in(12)) spec.end_at = now + chance.ms(600000, 36000000);
  if (chance.one_in(6)) spec.max_runs = chance.between(1, 12);
  if (chance.one_in(4)) spec.schedule_jitter = chance.ms(1, 600000);
  spec.priority = chance.of({Priority::low, Priority::normal, Priority::high});
  if (chance.one_in(3)) spec.dependencies = some_dependencies(chance, others);
  if (chance.one_in(2)) set_rule(chance, spec);
  if (!spec.dependencies.empty() && chance.one_in(2)) spec.schedule = "after dependencies";
  if (!chance.one_in(4)) spec.max_retries = chance.between(0, 3);
  spec.retry = some_retry(chance);
  if (chance.one_in(2)) spec.timeout = chance.ms(500, 60000);
  spec.misfire = chance.of({Misfire::run_once, Misfire::skip, Misfire::run_all});
  spec.catch_up_limit = chance.between(1, 10);
  if (chance.one_in(5)) spec.start_deadline = chance.ms(1000, 120000);
  spec.overlap = chance.of({Overlap::skip, Overlap::queue, Overlap::allow, Overlap::cancel_previous});
  spec.recovery = chance.one_in(4) ? Recovery::fail : Recovery::retry;
  spec.max_lost = chance.between(1, 4);
  spec.kill_grace = chance.of({Duration(0), Duration(2000)});
  spec.queue = chance.of({"default", "default", "narrow", "pair"});
  if (chance.one_in(3)) spec.concurrency_key = chance.of({"red", "blue"});
  if (chance.one_in(5)) spec.for_each = some_items(chance);
  if (chance.one_in(5)) {
    spec.unique_key = chance.of({"one", "two"});
    spec.recovery = Recovery::retry;
  }
  spec.paused = chance.one_in(12);
  if (chance.one_in(6)) spec.calendar = some_calendar_name(chance);
  if (chance.one_in(6) && !others.empty()) {
    const auto on = chance.of({NotifyOn::failure, NotifyOn::recovery, NotifyOn::late});
    spec.notify.push_back({.on = on, .task = chance.pick(others), .after = Duration(10)});
  }
  if (!spec.schedule.starts_with("every") && !spec.schedule.starts_with("after")) {
    spec.on_closed_day = chance.of({OnClosedDay::skip, OnClosedDay::next_working_day});
  }
  return spec;
}

CalendarSpec some_calendar(Chance& chance, TimePoint now, const std::string& mark) {
  CalendarSpec spec{.name = some_calendar_name(chance), .description = mark};
  for (int i = chance.between(0, 2); i > 0; --i) spec.weekdays.push_back(chance.of({"mon", "wed", "fri", "sunday"}));
  for (int i = chance.between(0, 3); i > 0; --i) {
    const auto day = now + std::chrono::days(chance.between(-1, 3));
    const std::string date = format_time(day).substr(0, 10);
    const std::string later = format_time(day + std::chrono::days(chance.between(0, 2))).substr(0, 10);
    spec.dates.push_back(chance.of({date, date.substr(5), date + "/" + later}));
  }
  return spec;
}

QueueSpec some_queue(Chance& chance) {
  const auto some_rate = [&] { return Rate{chance.between(1, 5), chance.ms(1000, 60000)}; };
  QueueSpec spec{.name = chance.of({"default", "narrow", "pair"})};
  if (chance.one_in(2)) spec.limit = chance.between(1, 4);
  spec.key_limit = chance.between(1, 2);
  if (chance.one_in(3)) spec.rate = some_rate();
  if (chance.one_in(3)) spec.key_rate = some_rate();
  spec.paused = chance.one_in(4);
  return spec;
}

void change_spec(Chance& chance, TaskSpec& spec, const std::vector<std::string>& others, TimePoint now) {
  switch (chance.below(16)) {
    case 0:
    case 1:
      spec.schedule = some_schedule(chance, now);
      break;
    case 2:
      spec.priority = chance.of({Priority::low, Priority::normal, Priority::high});
      break;
    case 3:
      spec.overlap = chance.of({Overlap::skip, Overlap::queue, Overlap::allow, Overlap::cancel_previous});
      break;
    case 4:
      spec.dependencies = some_dependencies(chance, others);
      if (!spec.dependencies.empty() && chance.one_in(2)) spec.schedule = "after dependencies";
      break;
    case 5:
      spec.dependencies.clear();
      if (spec.schedule == "after dependencies") spec.schedule = some_schedule(chance, now);
      break;
    case 6:
      spec.retry = some_retry(chance);
      break;
    case 7:
      spec.paused = !spec.paused;
      break;
    case 8:
      spec.max_runs = chance.one_in(3) ? std::nullopt : std::optional(chance.between(1, 20));
      break;
    case 9:
      spec.calendar = chance.one_in(2) ? some_calendar_name(chance) : "";
      break;
    case 10:
      spec.schedule_jitter = chance.ms(0, 600000);
      break;
    case 11:
      set_rule(chance, spec);
      break;
    case 12:
      spec.concurrency_key = chance.of({"", "red", "blue"});
      break;
    case 13:
      spec.unique_key = chance.of({"", "one", "two"});
      break;
    case 14:
      spec.for_each = chance.one_in(2) ? boost::json::value() : some_items(chance);
      break;
    default:
      spec.timeout = chance.ms(500, 60000);
      break;
  }
}

}  // namespace taskcore::sim
