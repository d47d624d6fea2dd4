// What users read, held against the shadow: a read sees just what has been committed.
#include <algorithm>

#include "model/codec.hpp"
#include "model/ids.hpp"
#include "model/status.hpp"
#include "sim/audit.hpp"
#include "sim/specs.hpp"
#include "sim/users.hpp"

namespace taskcore::sim {

void Users::read(Scheduler& scheduler) {
  switch (chance_.below(8)) {
    case 0:
      return get(scheduler, some_id());
    case 1:
      return get_run(scheduler, some_run());
    case 2:
      return list(scheduler);
    case 3:
      return list_runs(scheduler, some_id());
    case 4:
      return next(scheduler, some_id());
    case 5:
      return get_calendar(scheduler, some_calendar(chance_, clock_.now(), "").name);
    case 6:
      return list_dead_letters(scheduler);
    default:
      static_cast<void>(heard("stats", scheduler.stats()));
      static_cast<void>(heard("logs", scheduler.logs({.task_id = some_id(), .limit = 5})));
  }
}

void Users::get(Scheduler& scheduler, const std::string& id) {
  const auto task = scheduler.get(id);
  const TaskRow* row = shadow_.find_task(id);
  if (!heard("get", task)) {
    if (task.error().code == Errc::not_found && row != nullptr) trace_.violation("a task cannot be read: " + id);
    return;
  }
  const bool equal = row != nullptr && task->version == row->version && task->paused == row->paused &&
                     task->status == status_of(row->state);
  if (!equal) trace_.violation("a task was read that is not as committed: " + id);
}

void Users::get_run(Scheduler& scheduler, const std::string& id) {
  const auto run = scheduler.get_run(id);
  const RunKey key = parse_run_id(id).value();
  if (!heard("get run", run)) {
    if (run.error().code == Errc::not_found && shadow_.shows_run(key)) trace_.violation("a run cannot be read: " + id);
    return;
  }
  const RunRow* row = shadow_.find_run(key);
  const bool equal = row != nullptr && run->status == status_of(row->state) && run->attempt == row->attempt &&
                     run->finished_at == row->finished_at &&
                     run->attempts.size() == static_cast<std::size_t>(row->attempt);
  if (!equal) trace_.violation("a run was read that is not as committed: " + id);
}

void Users::list(Scheduler& scheduler) {
  std::size_t count = 0;
  TaskQuery query;
  query.limit = 1 + chance_.below(20);
  do {
    const auto page = scheduler.list(query);
    if (!heard("list", page)) return;
    count += page->items.size();
    query.cursor = page->next_cursor;
  } while (!query.cursor.empty());
  const auto visible = std::count_if(shadow_.tasks().begin(), shadow_.tasks().end(),
                                     [](const auto& task) { return !task.second.deleted; });
  if (count != static_cast<std::size_t>(visible)) trace_.violation("a list holds other tasks than were committed");
}

void Users::list_runs(Scheduler& scheduler, const std::string& id) {
  const TaskRow* row = shadow_.find_task(id);
  RunQuery query;
  query.task_id = id;
  query.limit = 1 + chance_.below(20);
  query.oldest_first = chance_.one_in(2);
  std::vector<std::string> seen;
  do {
    const auto page = scheduler.runs(query);
    if (!heard("runs", page)) return;
    for (const Run& run : page->items) seen.push_back(run.id);
    query.cursor = page->next_cursor;
  } while (!query.cursor.empty());
  if (!query.oldest_first) std::reverse(seen.begin(), seen.end());
  std::vector<std::string> shown;
  for (const auto& [key, run] : shadow_.runs()) {
    if (row != nullptr && run.task == row->key && run.item_of == 0 && shadow_.shows_run(key))
      shown.push_back(run_id(key));
  }
  if (seen != shown) trace_.violation("a list holds other runs than were committed: " + id);
}

void Users::next(Scheduler& scheduler, const std::string& id) {
  const auto instants = scheduler.next(id, 4);
  if (!heard("next", instants)) return;
  const TaskRow* row = shadow_.find_task(id);
  const bool first =
      row != nullptr && (instants->empty() ? !row->state.next_due : instants->front() == row->state.next_due);
  if (!first || !std::is_sorted(instants->begin(), instants->end()))
    trace_.violation("the next instants are not the schedule's: " + id);
}

void Users::get_calendar(Scheduler& scheduler, const std::string& name) {
  const auto calendar = scheduler.get_calendar(name);
  const std::string stored = shadow_.find_calendar(name);
  if (!heard("get calendar", calendar)) {
    if (calendar.error().code == Errc::not_found && !stored.empty())
      trace_.violation("a calendar cannot be read: " + name);
    return;
  }
  if (encode_calendar(*calendar) != stored) trace_.violation("a calendar was read that is not as committed: " + name);
}

}  // namespace taskcore::sim
