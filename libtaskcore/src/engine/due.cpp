#include "engine/due.hpp"

#include <algorithm>

namespace taskcore {
namespace {

using Elapsed = Schedule::Elapsed;

void record(DuePlan& plan, SkipReason reason, const Elapsed& which) {
  if (which.count > 0) plan.skipped.push_back({reason, which.count, *which.oldest, *which.newest});
}

/// The instants that are left when the start deadline has taken its share.
Elapsed within_deadline(const Schedule& schedule, const TaskSpec& spec, const DueFacts& facts, DuePlan& plan) {
  const TimePoint before_first = facts.next_due - Duration(1);
  if (!spec.start_deadline) return schedule.elapsed(before_first, facts.now);
  const TimePoint too_late = std::max(before_first, facts.now - *spec.start_deadline - Duration(1));
  record(plan, SkipReason::deadline, schedule.elapsed(before_first, too_late));
  return schedule.elapsed(too_late, facts.now);
}

void run_newest(const Elapsed& elapsed, DuePlan& plan) {
  DueRun run{*elapsed.newest, elapsed.count - 1, std::nullopt, false};
  if (run.missed_count > 0) run.missed_from = elapsed.oldest;
  plan.runs.push_back(run);
}

void skip_missed(const Schedule& schedule, const Elapsed& elapsed, const DueFacts& facts, DuePlan& plan) {
  const bool on_time = *elapsed.newest >= facts.attentive_since;
  const TimePoint last_missed = on_time ? *elapsed.newest - Duration(1) : *elapsed.newest;
  record(plan, SkipReason::misfire, schedule.elapsed(*elapsed.oldest - Duration(1), last_missed));
  if (on_time) plan.runs.push_back({*elapsed.newest, 0, std::nullopt, false});
}

/// How many instants `run_all` makes up for, were there no bound on runs.
std::size_t caught_up(const TaskSpec& spec, const Elapsed& elapsed) {
  return std::min(elapsed.count, static_cast<std::size_t>(spec.catch_up_limit));
}

void run_all(const Schedule& schedule, const TaskSpec& spec, const Elapsed& elapsed, const DueFacts& facts,
             DuePlan& plan) {
  const std::size_t count = std::min(caught_up(spec, elapsed), facts.runs_left);
  for (const TimePoint instant : schedule.next(*elapsed.oldest - Duration(1), count)) {
    plan.runs.push_back({instant, 0, std::nullopt, !plan.runs.empty()});
  }
}

/// Overlap concerns the first run only; those of a catch-up queue among themselves whatever it says.
void apply_overlap(const TaskSpec& spec, const DueFacts& facts, bool catching_up, DuePlan& plan) {
  if (plan.runs.empty() || !facts.live) return;
  switch (spec.overlap) {
    case Overlap::allow:
      return;
    case Overlap::cancel_previous:
      plan.cancel_live = true;
      plan.runs.front().held = true;
      return;
    case Overlap::queue:
      if (catching_up || !facts.one_waits) {
        plan.runs.front().held = true;
        return;
      }
      break;
    case Overlap::skip:
      if (catching_up) {
        plan.runs.front().held = true;
        return;
      }
      break;
  }
  const DueRun& run = plan.runs.front();
  plan.skipped.push_back(
      {SkipReason::overlap, run.missed_count + 1, run.missed_from.value_or(run.instant), run.instant});
  plan.runs.clear();
}

}  // namespace

std::string_view to_string(SkipReason reason) noexcept {
  switch (reason) {
    case SkipReason::misfire:
      return "misfire";
    case SkipReason::deadline:
      return "start_deadline";
    case SkipReason::catch_up_limit:
      return "catch_up_limit";
    case SkipReason::overlap:
      return "overlap";
    case SkipReason::paused:
      return "paused";
    case SkipReason::calendar:
      return "calendar";
    case SkipReason::closed:
      return "closed";
  }
  return "unknown";
}

std::size_t runs_left(const TaskSpec& spec, std::int64_t made) noexcept {
  if (!spec.max_runs) return DueFacts::kUnbounded;
  return static_cast<std::size_t>(std::max<std::int64_t>(*spec.max_runs - made, 0));
}

DuePlan plan_due(const Schedule& schedule, const TaskSpec& spec, const DueFacts& facts) {
  DuePlan plan;
  if (facts.runs_left == 0) return plan;
  const Elapsed elapsed = within_deadline(schedule, spec, facts, plan);
  if (elapsed.count > 0) {
    switch (spec.misfire) {
      case Misfire::run_once:
        run_newest(elapsed, plan);
        break;
      case Misfire::skip:
        skip_missed(schedule, elapsed, facts, plan);
        break;
      case Misfire::run_all:
        run_all(schedule, spec, elapsed, facts, plan);
        break;
    }
  }
  for (DueRun& run : plan.runs) run.on_time = run.instant == elapsed.newest && run.instant >= facts.attentive_since;
  const bool may_catch_up = spec.misfire == Misfire::run_all;
  const TimePoint last = plan.runs.empty() ? facts.now : plan.runs.back().instant;
  apply_overlap(spec, facts, may_catch_up && caught_up(spec, elapsed) > 1, plan);
  if (plan.runs.size() == facts.runs_left) return plan;  // the schedule ends here: what comes after is no instant of it
  if (may_catch_up) record(plan, SkipReason::catch_up_limit, schedule.elapsed(last, facts.now));
  plan.next_due = schedule.next(facts.now);
  return plan;
}

}  // namespace taskcore
