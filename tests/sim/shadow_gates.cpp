// What dependencies ask of waiting runs, and of tasks that run after them: reckoned anew, in the words of the rules.
#include <algorithm>

#include "sim/shadow.hpp"
#include "store/subject.hpp"

namespace taskcore::sim {

using store_test::text;

void Shadow::Upstreams::add(const RunRow* run) {
  open += run == nullptr ? 1 : 0;
  completed += run != nullptr && (run->state == RunState::completed || run->items_completed > 0) ? 1 : 0;
  failed += run != nullptr && run->state != RunState::completed ? 1 : 0;
}

/// How its upstreams stand for `run`: how many are open, completed, failed.
Shadow::Upstreams Shadow::upstreams_of(const RunRow& run, TimePoint now) const {
  Upstreams out;
  for (const TaskKey key : tasks_.at(run.task).upstreams) {
    const TaskRow& upstream = tasks_.at(key);
    if (upstream.deleted) continue;
    const auto& next = upstream.state.next_due;
    bool open = next && !upstream.paused && *next <= now && *next <= run.due_at;
    const RunRow* newest = nullptr;
    const RunRow* own = nullptr;  // of the same workflow
    if (const auto ids = runs_of_.find(key); ids != runs_of_.end()) {
      for (const RunKey id : ids->second) {
        const RunRow& other = runs_.at(id);
        if (other.item_of != 0) continue;
        if (is_settled(other.state)) {
          newest = &other;
        } else {
          open |= other.due_at <= run.due_at;
        }
        if (run.workflow != 0 && other.workflow == run.workflow && !pruned_runs_.contains(id)) own = &other;
        out.moved |= settled_at_gate_.contains(id) || ended_at_claim_.contains(id) || born_.contains(id);
      }
    }
    if (own != nullptr) {
      open = !is_settled(own->state);
      newest = own;
    }
    out.add(open ? nullptr : newest);
  }
  return out;
}

Shadow::Gate Shadow::decide(const TaskSpec& spec, const Upstreams& ups) {
  bool holds = ups.open + ups.completed + ups.failed == 0;
  bool lost = false;
  switch (spec.trigger_rule) {
    case TriggerRule::all_completed:
      holds |= ups.open == 0 && ups.failed == 0;
      lost = ups.failed > 0;
      break;
    case TriggerRule::all_finished:
      holds |= ups.open == 0;
      break;
    case TriggerRule::any_completed:
      holds |= ups.completed > 0;
      lost = ups.open == 0;
      break;
    case TriggerRule::any_failed:
      holds |= ups.failed > 0;
      lost = ups.open == 0;
      break;
  }
  if (holds) return Gate::open;
  if (!lost) return Gate::shut;
  if (spec.trigger_rule == TriggerRule::any_failed) return Gate::not_needed;
  if (spec.on_dependency_failure == OnDependencyFailure::cancel) return Gate::failed;
  return spec.on_dependency_failure == OnDependencyFailure::run ? Gate::open : Gate::shut;
}

Shadow::Gate Shadow::gate_of(const RunRow& run, TimePoint now) const {
  return decide(allowances_.at(run.task).spec, upstreams_of(run, now));
}

/// Runs that were let go or turned away by their gates, where nothing happened to the upstreams behind the decision.
void Shadow::check_gates(const Touched& touched) {
  for (const RunKey id : opened_) {
    const RunRow& run = runs_.at(id);
    if (run.trigger == Trigger::dependency) continue;  // it is there because they have run
    if (gate_of(run, at_) == Gate::open || upstreams_of(run, at_).moved) continue;
    complain("a run was let go while its rule did not hold", text(run) + " of " + text(tasks_.at(run.task)));
  }
  for (const RunKey id : settled_at_gate_) {
    const RunRow& run = runs_.at(id);
    if (run.trigger == Trigger::dependency) continue;
    const Gate expected = run.reason == "not_needed" ? Gate::not_needed : Gate::failed;
    if (edited_.contains(run.task) || gate_of(run, at_) == expected || upstreams_of(run, at_).moved) continue;
    complain("a run was turned away while its rule could hold", text(run) + " of " + text(tasks_.at(run.task)));
  }
  for (const RunKey id : live_) {
    const RunRow& run = runs_.at(id);
    if (run.state != RunState::waiting || run.items > 0) continue;
    const auto& upstreams = tasks_.at(run.task).upstreams;
    const auto is_touched = [&](TaskKey key) { return touched.tasks.contains(key); };
    if (!is_touched(run.task) && std::none_of(upstreams.begin(), upstreams.end(), is_touched)) continue;
    if (gate_of(run, at_) != Gate::shut) complain("a run waits that need not", text(run));
  }
}

/// What a task that runs after its dependencies has to follow: runs of its upstreams that are newer than `followed`, up
/// to `until`.
Shadow::Upstreams Shadow::news_of(const TaskRow& task, const std::vector<RunKey>& followed,
                                  const std::vector<RunKey>& until) const {
  Upstreams out;
  for (std::size_t i = 0; i < task.upstreams.size(); ++i) {
    RunRow gone;
    gone.state = RunState::failed;
    const RunRow* run = find_run(until.at(i));
    out.add(until[i] <= followed.at(i) ? nullptr : run != nullptr ? run : &gone);
  }
  return out;
}

std::vector<RunKey> Shadow::settled_of(const TaskRow& task) const {
  std::vector<RunKey> out;
  for (const TaskKey key : task.upstreams) out.push_back(tasks_.at(key).state.last_settled);
  return out;
}

/// What the task does about such news; none is no news. A rule about all waits for all.
Shadow::Gate Shadow::follow(const TaskRow& task, const Upstreams& news) const {
  const TaskSpec& spec = allowances_.at(task.key).spec;
  const bool about_all =
      spec.trigger_rule == TriggerRule::all_completed || spec.trigger_rule == TriggerRule::all_finished;
  if (news.completed + news.failed == 0 || (about_all && news.open > 0)) return Gate::shut;
  return decide(spec, news);
}

/// An end in a workflow that has a run of this task, too, is none of its news.
void Shadow::leave_to_workflows(const TaskRow& task, std::vector<RunKey>& followed) const {
  for (std::size_t i = 0; i < followed.size(); ++i) {
    const auto run = runs_.find(task.state.consumed.at(i));
    if (run == runs_.end() || run->second.workflow == 0) continue;
    const auto& own = runs_of_.find(task.key);
    const bool has_run = own != runs_of_.end() && std::any_of(own->second.begin(), own->second.end(), [&](RunKey id) {
                           return runs_.at(id).workflow == run->second.workflow;
                         });
    if (has_run) followed[i] = task.state.consumed[i];
  }
}

/// Each end of a run is followed once: by a run, a line that says why not, or nothing where nothing is needed.
void Shadow::check_following(const Touched& touched) {
  for (const auto& [key, task] : tasks_) {
    if (task.deleted || task.paused || task.state.consumed.empty() || pruned_tasks_.contains(key)) continue;
    const auto is_touched = [&](TaskKey which) { return touched.tasks.contains(which); };
    if (!is_touched(key) && std::none_of(task.upstreams.begin(), task.upstreams.end(), is_touched)) continue;
    if (follow(task, news_of(task, task.state.consumed, settled_of(task))) != Gate::shut)
      complain("a task does not follow its dependencies", text(task));
  }
  std::map<TaskKey, int> made;
  for (const RunKey id : born_) {
    const RunRow& run = runs_.at(id);
    if (run.trigger != Trigger::dependency || run.item_of != 0 || edited_.contains(run.task)) continue;
    ++made[run.task];
    if (!followed_.contains(run.task)) complain("a task follows what did not happen", text(run));
  }
  for (auto& [key, before] : followed_) {
    const TaskRow& task = tasks_.at(key);
    const bool twice = ended_twice(before, task);  // then the last end may be the workflow's, and the first none of it
    leave_to_workflows(task, before);
    if (before == task.state.consumed) {
      if (made[key] > 0 && !twice) complain("a task followed what its workflow has a run for", text(task));
      continue;
    }
    const TaskSpec& spec = allowances_.at(key).spec;
    if (edited_.contains(key) || task.deleted) continue;
    const Gate gate = follow(task, news_of(task, before, task.state.consumed));
    const bool spent = spec.max_runs && task.state.schedule_runs >= *spec.max_runs;
    const auto skipped = touched.skipped.find(key);
    const std::size_t accounted =
        static_cast<std::size_t>(made[key]) + (skipped == touched.skipped.end() ? 0 : skipped->second);
    if (gate == Gate::shut && !twice) complain("a task followed its dependencies too soon", text(task));
    if (gate == Gate::not_needed && made[key] > 0 && !twice) complain("a task ran that was not needed", text(task));
    // Of two rounds in one commit the last may be the workflow's, and the first one was not needed.
    const bool due = gate == Gate::open || gate == Gate::failed;
    if (due && accounted == 0 && !spent) complain("news was followed by nothing", text(task));
    if (accounted > 1 && !twice && !follows_one(key)) complain("one end was followed twice", text(task));
  }
}

/// Whether the commit holds more ends of upstreams than one for each edge.
bool Shadow::ended_twice(const std::vector<RunKey>& before, const TaskRow& task) const {
  for (std::size_t i = 0; i < task.upstreams.size(); ++i) {
    const auto ids = runs_of_.find(task.upstreams[i]);
    if (ids == runs_of_.end()) continue;
    int ended = 0;
    for (auto id = ids->second.upper_bound(before.at(i)); id != ids->second.end(); ++id) {
      ended += runs_.at(*id).item_of == 0 && is_settled(runs_.at(*id).state) ? 1 : 0;
    }
    if (ended > 1) return true;
  }
  return false;
}

/// Whether one end of one upstream is enough for a round.
bool Shadow::follows_one(TaskKey task) const {
  const TriggerRule rule = allowances_.at(task).spec.trigger_rule;
  return rule == TriggerRule::any_completed || rule == TriggerRule::any_failed;
}

}  // namespace taskcore::sim
