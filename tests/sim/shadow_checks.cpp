// What must hold among the rows of the shadow, and between them and the store.
#include "sim/shadow.hpp"
#include "store/subject.hpp"

namespace taskcore::sim {

using store_test::text;

/// A task goes when a user asks for it; or after its one run, when it is old.
void Shadow::check_vanished(const TaskRow& row) {
  const bool spent = options_.retention.runs.count() > 0 && row.once && row.state.live == 0;
  if (!spent && !vanishing_.contains(row.id)) complain("a task was deleted that nobody removed", text(row));
}

/// The rows that retention took, or a user: only what they may.
void Shadow::learn_pruned(StoreReader& reader) {
  const TimePoint old = at_ - options_.retention.runs;
  std::set<RunKey> live_workflows;
  for (const RunKey id : live_) {
    if (!born_.contains(id)) live_workflows.insert(runs_.at(id).workflow);
  }
  for (const auto& [id, run] : runs_) {
    if (pruned_runs_.contains(id) || !is_settled(run.state) || reader.find_run(id).value()) continue;
    pruned_runs_.insert(id);
    const TaskRow& task = tasks_.at(run.task);
    if (task.deleted) continue;
    if (run.workflow != 0 && run.item_of == 0 && live_workflows.contains(run.workflow))
      complain("a run was pruned that a live workflow has", text(run));
    const bool is_old = options_.retention.runs.count() > 0 && *run.finished_at < old;
    const bool asked_for = removable_runs_.contains(id) || removable_runs_.contains(run.item_of);
    if (!is_old && !asked_for) complain("a young run was pruned", text(run));
    if (run.item_of != 0 && live_.contains(run.item_of)) complain("an item of a live run was pruned", text(run));
    if (id == task.state.last_settled || id == task.state.last_completed)
      complain("a newest run was pruned", text(run));
  }
  for (const auto& [key, task] : tasks_) {
    if (pruned_tasks_.contains(key) || reader.find_task(key).value()) continue;
    pruned_tasks_.insert(key);
    if (!task.deleted || task.state.live != 0) complain("a task was pruned that is no empty tombstone", text(task));
  }
}

/// A run with items counts what its items have come to.
void Shadow::check_items(RunKey id) {
  const RunRow* run = find_run(id);
  if (run != nullptr && run->item_of != 0) run = find_run(run->item_of);
  if (run == nullptr || run->items == 0 || pruned_runs_.contains(run->id)) return;
  std::int64_t completed = 0;
  std::int64_t failed = 0;
  std::int64_t unseen = 0;  // how they ended was swept away with them
  for (const RunKey item : items_[run->id]) {
    const RunState state = runs_.at(item).state;
    if (vanished_runs_.contains(item)) {
      ++unseen;
      continue;
    }
    completed += state == RunState::completed ? 1 : 0;
    failed += is_settled(state) && state != RunState::completed ? 1 : 0;
  }
  const bool equal = std::ssize(items_[run->id]) == run->items && completed <= run->items_completed &&
                     failed <= run->items_failed &&
                     completed + failed + unseen == run->items_completed + run->items_failed;
  if (!equal) complain("a run does not count its items", text(*run));
}

/// One task at a time holds a unique key, and it keeps the key for as long as it has something to run.
void Shadow::check_unique_keys() {
  std::set<std::string> keys;
  for (const auto& [key, task] : tasks_) {
    if (task.deleted || task.unique_key.empty()) continue;
    if (!keys.insert(task.unique_key).second) complain("two tasks have a unique key", text(task));
  }
  const auto holds = [](const TaskState& state) { return state.live > 0 || state.next_due || state.last_run == 0; };
  for (const TaskRow& before : released_) {
    const auto& runs = runs_of_[before.key];
    const bool anew = std::any_of(runs.begin(), runs.end(), [&](RunKey run) { return born_.contains(run); });
    if (holds(before.state) && holds(tasks_.at(before.key).state) && !anew)
      complain("a unique key was taken from the task that holds it", text(before));
  }
}

void Shadow::check_counters(const TaskRow& row) {
  TaskState seen;
  for (const RunKey id : runs_of_[row.key]) {
    const RunRow& run = runs_.at(id);
    seen.running += run.state == RunState::running ? 1 : 0;
    if (run.item_of != 0) continue;
    seen.live += is_settled(run.state) ? 0 : 1;
    seen.last_run = id;
    if (run.state == RunState::completed) seen.last_completed = id;
    if (!is_settled(run.state)) continue;
    seen.last_settled = id;
    seen.last_status = run.state == RunState::completed ? Status::completed
                       : run.state == RunState::failed  ? Status::failed
                                                        : Status::cancelled;
  }
  const TaskState& told = row.state;
  const bool equal = seen.live == told.live && seen.running == told.running && seen.last_run == told.last_run &&
                     seen.last_settled == told.last_settled && seen.last_status == told.last_status &&
                     seen.last_completed == told.last_completed;
  if (!equal) complain("a task's counters are not what its runs say", text(row));
}

/// Limits are each node's own; what a dead node's rows still say counts for that node.
void Shadow::check_limits() {
  struct Load {
    int running = 0;
    bool suspect = false;
  };
  std::map<std::string, Load> loads;
  for (const RunKey id : live_) {
    const RunRow& run = runs_.at(id);
    if (run.state != RunState::running) continue;
    Load& load = loads[shared_ ? run.node.str() : ""];
    ++load.running;
    load.suspect |= run.losses >= 2;
  }
  for (auto& [node, load] : loads) {
    if (load.running > options_.max_concurrent)
      complain("more runs at once than there are slots", std::to_string(load.running));
    if (load.suspect && load.running > 1)
      complain("a run that was lost twice has company", std::to_string(load.running));
  }
}

void Shadow::compare(StoreReader& reader) {
  const auto calendars = reader.calendars("", calendars_.size() + 1).value();
  if (calendars.size() != calendars_.size())
    complain("the store holds calendars that nobody committed, or too few", "");
  for (const CalendarRow& row : calendars) {
    if (find_calendar(row.name) != row.spec.str()) complain("a committed calendar is not in the store", row.name);
  }
  for (const auto& [key, row] : tasks_) {
    if (pruned_tasks_.contains(key)) continue;
    const auto stored = reader.find_task(key).value();
    if (!stored || text(*stored) != text(row)) complain("a committed task is not in the store", text(row));
  }
  for (const auto& [id, row] : runs_) {
    if (pruned_runs_.contains(id)) continue;
    const auto stored = reader.find_run(id).value();
    if (!stored || text(*stored) != text(row)) complain("a committed run is not in the store", text(row));
  }
  RunQuery all;
  all.limit = 1000;
  std::size_t count = 0;
  do {
    const auto page = reader.page_runs(0, all).value();
    count += page.items.size();
    all.cursor = page.next_cursor;
  } while (!all.cursor.empty());
  std::size_t visible = 0;
  for (const auto& [id, run] : runs_) visible += run.item_of == 0 && shows_run(id) ? 1 : 0;
  if (count != visible) complain("the store lists runs that nobody committed, or too few", std::to_string(count));
}

}  // namespace taskcore::sim
