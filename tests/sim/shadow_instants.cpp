// What becomes of instants and of runs that meet: none is dropped without a word, none starts beside an earlier one.
#include "engine/definition.hpp"
#include "model/codec.hpp"
#include "sim/shadow.hpp"
#include "store/subject.hpp"

namespace taskcore::sim {

using store_test::text;

/// Notes that the next instant moved on by the schedule alone.
void Shadow::note_moved(const TaskRow& before, const TaskRow& after) {
  const auto& from = before.state.next_due;
  if (after.deleted || !from || from == after.state.next_due || before.anchor != after.anchor) return;
  const TaskSpec was = decode_spec(before.spec).value().spec;
  const TaskSpec& is = allowances_.at(after.key).spec;
  if (was.schedule != is.schedule || was.start_at != is.start_at || was.end_at != is.end_at) return;
  if (was.max_runs != is.max_runs || was.calendar != is.calendar || was.on_closed_day != is.on_closed_day) return;
  moved_.emplace_back(after.key, *from);
}

/// With the calendar as it is now.
Schedule Shadow::schedule_of(const TaskRow& task) const {
  const auto find = [this](std::string_view name) -> Result<ClosedDays> {
    const auto it = calendars_.find(std::string(name));
    if (it == calendars_.end()) return no_such_calendar(name);
    return ClosedDays::parse(decode_calendar(it->second).value());
  };
  return make_definition(task, find).value()->schedule;
}

/// What a task with a calendar waits for is an instant of its schedule: after each edit of the calendar, too.
void Shadow::check_open(const Touched& touched) {
  const auto check = [this](const TaskRow& task) {
    const auto& due = task.state.next_due;
    if (due && schedule_of(task).next(*due - Duration(1)) != due)
      complain("a task waits for what is no instant of its schedule", text(task));
  };
  if (!touched.calendars.empty()) {
    for (const auto& [key, task] : tasks_) {
      if (!task.deleted && touched.calendars.contains(allowances_.at(key).spec.calendar)) check(task);
    }
    return;
  }
  for (const TaskKey key : touched.tasks) {
    const TaskRow* task = find_task(key);
    if (task != nullptr && !task->deleted && !allowances_.at(key).spec.calendar.empty()) check(*task);
  }
}

/// Each instant that was passed over became a run, is counted by one, or left a line in the log.
void Shadow::check_instants(TaskKey key, TimePoint from, std::size_t skipped) {
  const TaskRow& task = tasks_.at(key);
  const auto to = task.state.next_due;
  const Schedule schedule = schedule_of(task);
  TimePoint last = to ? *to - Duration(1) : at_;
  const auto& bound = allowances_.at(key).spec.max_runs;
  if (!to && bound && task.state.schedule_runs >= *bound) {  // it ended with its last run
    const auto newest = instants_.lower_bound({key, at_ + Duration(1)});
    if (newest != instants_.begin() && std::prev(newest)->first.first == key) last = std::prev(newest)->first.second;
  }
  const auto passed = schedule.elapsed(from - Duration(1), last);
  std::size_t seen = skipped;
  for (auto it = instants_.lower_bound({key, from}); it != instants_.end() && it->first.first == key; ++it) {
    if (to && it->first.second >= *to) break;
    if (!born_.contains(it->second)) return;  // a clock that was set back, and an edit: it came a second time
    if (runs_.at(it->second).trigger == Trigger::backfill) return;  // somebody was quicker than the schedule
    seen += 1 + static_cast<std::size_t>(runs_.at(it->second).missed_count);
  }
  if (seen != passed.count)
    complain("of " + std::to_string(passed.count) + " instants " + std::to_string(seen) + " were accounted for",
             text(task));
}

/// A run that the schedule made waits for its spread, and no longer; no more of them are made than may be.
void Shadow::check_bounds(const RunRow& row) {
  if (row.trigger != Trigger::schedule || edited_.contains(row.task)) return;
  const TaskSpec& spec = allowances_.at(row.task).spec;
  const auto late = row.ready_at - row.due_at;
  if (row.attempt == 0 && (late < Duration(0) || (late != Duration(0) && late >= spec.schedule_jitter)))
    complain("a run does not begin within its spread", text(row));
  const std::int64_t made = ++made_[row.task];
  if (spec.max_runs && made > *spec.max_runs) complain("a schedule made more runs than it may", text(row));
}

/// Runs of one task are one at a time, oldest first, unless they may overlap.
void Shadow::check_side_by_side(RunKey id) {
  const RunRow& run = runs_.at(id);
  if (is_settled(run.state) || run.state == RunState::held || edited_.contains(run.task)) return;
  if (born_.contains(id) && allowances_.at(run.task).spec.overlap == Overlap::allow) return;
  for (const RunKey other : runs_of_.at(run.task)) {
    if (other >= id) break;
    if (runs_.at(other).item_of != 0) continue;
    if (!is_settled(runs_.at(other).state))
      complain("a run does not wait for the one before it", text(run) + " and " + text(runs_.at(other)));
  }
}

}  // namespace taskcore::sim
