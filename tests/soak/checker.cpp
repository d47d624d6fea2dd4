#include "soak/checker.hpp"

#include <algorithm>
#include <set>

#include "model/ids.hpp"
#include "store/row_text.hpp"
#include "taskcore/stores/sqlite.hpp"

namespace taskcore::soak {
namespace {

constexpr std::chrono::seconds kAfterRemoval{30};

std::map<std::string, TaskRow> read_tasks(Store& store) {
  std::map<std::string, TaskRow> tasks;
  TaskQuery query;
  query.limit = 1000;
  do {
    auto page = store.page_tasks(query).value();
    for (TaskRow& row : page.items) tasks.emplace(row.id, std::move(row));
    query.cursor = page.next_cursor;
  } while (!query.cursor.empty());
  return tasks;
}

/// What a change that was under way may have come to is not known until the next life asks.
std::string compare(const std::string& id, const ToldTask& told, const TaskRow* row) {
  if (told.pending) return {};
  if (told.exists != (row != nullptr)) return "the task " + id + (row != nullptr ? " is still there" : " is not there");
  if (row == nullptr || (row->version == told.version && row->paused == told.paused)) return {};
  return "the task " + id + " was told at version " + std::to_string(told.version) +
         (told.paused ? ", paused" : ", not paused") + " and is " + store_test::text(*row);
}

TaskState state_of(const std::vector<const RunRow*>& runs) {
  TaskState seen;
  for (const RunRow* run : runs) {
    seen.last_run = run->id;
    seen.running += run->state == RunState::running ? 1 : 0;
    seen.live += is_settled(run->state) ? 0 : 1;
    if (run->state == RunState::completed) seen.last_completed = run->id;
    if (!is_settled(run->state)) continue;
    seen.last_settled = run->id;
    seen.last_status = run->state == RunState::completed ? Status::completed
                       : run->state == RunState::failed  ? Status::failed
                                                         : Status::cancelled;
  }
  return seen;
}

bool equal(const TaskState& a, const TaskState& b) {
  return a.live == b.live && a.running == b.running && a.last_run == b.last_run && a.last_settled == b.last_settled &&
         a.last_status == b.last_status && a.last_completed == b.last_completed;
}

}  // namespace

std::string check_rows(const std::map<std::string, TaskRow>& tasks, const std::map<RunKey, RunRow>& runs,
                       bool drained) {
  std::map<TaskKey, std::vector<const RunRow*>> of_task;
  std::set<std::pair<TaskKey, TimePoint>> instants;
  for (const auto& [id, run] : runs) {
    of_task[run.task].push_back(&run);
    if (run.scheduled_for && run.item_of == 0 && !instants.emplace(run.task, *run.scheduled_for).second)
      return "two runs for one instant: " + store_test::text(run);
    if (drained && !is_settled(run.state)) return "a run is live after the drain: " + store_test::text(run);
  }
  for (const auto& [id, task] : tasks) {
    // Retention keeps the newest run that ended and the newest that completed, so the counters can be told from what is
    // left.
    if (!equal(task.state, state_of(of_task[task.key])))
      return "the counters of a task are not what its runs say: " + store_test::text(task);
  }
  return {};
}

std::string Checker::check(Told& told, TimePoint now, bool drained) {
  if (auto damage = testing::check_integrity(database_); !damage.empty()) return damage;
  auto store = sqlite(database_);
  if (auto opened = store->open(); !opened) return opened.error().detail;
  const Tasks tasks = read_tasks(*store);
  const Runs runs = testing::read_runs(*store);
  stored_runs_ = runs.size();
  most_stored_runs_ = std::max(most_stored_runs_, stored_runs_);
  if (auto wrong = check_tasks(told, tasks, now); !wrong.empty()) return wrong;
  if (auto wrong = check_told_runs(told, runs, now); !wrong.empty()) return wrong;
  if (auto wrong = final_.compare(runs); !wrong.empty()) return wrong;
  if (auto wrong = check_rows(tasks, runs, drained); !wrong.empty()) return wrong;
  return testing::examine(database_);
}

std::string Checker::check_tasks(Told& told, const Tasks& tasks, TimePoint now) {
  for (const auto& [id, task] : told.tasks()) {
    const auto row = tasks.find(id);
    if (auto wrong = compare(id, task, row == tasks.end() ? nullptr : &row->second); !wrong.empty()) return wrong;
  }
  for (auto task = told.once().begin(); task != told.once().end();) {
    if (tasks.contains(task->first)) {
      ++task;
      continue;
    }
    if (task->second + keep_ > now) return "the once-task " + task->first + " is not there";
    ++pruned_tasks_;
    task = told.once().erase(task);
  }
  return {};
}

std::string Checker::check_told_runs(Told& told, const Runs& runs, TimePoint now) {
  for (auto run = told.runs().begin(); run != told.runs().end();) {
    const auto& [id, what] = *run;
    if (const auto row = runs.find(id); row != runs.end()) {
      const auto status = testing::status_of(row->second.state);
      if (!what.status.empty() && status != what.status)
        return run_id(id) + " ended " + what.status + " and is " + std::string(status);
      ++run;
      continue;
    }
    const bool old = (what.status.empty() ? what.told_at : what.finished) + keep_ <= now;
    const auto task = told.tasks().find(what.task);
    // Runs go with their task; the end of one that was live then is told somewhat later.
    const bool removed = task != told.tasks().end() && task->second.removal_asked + kAfterRemoval >= what.told_at;
    if (!old && !removed) return run_id(id) + " of " + what.task + " is not there";
    ++pruned_runs_;
    run = told.runs().erase(run);
  }
  return {};
}

}  // namespace taskcore::soak
