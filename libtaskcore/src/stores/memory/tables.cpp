// Each write takes a row out of its indexes, changes it, and puts it back: the same code serves verbs and rollbacks.
#include "tables.hpp"

#include <algorithm>

namespace taskcore::memory_store {
namespace {

bool is_fired(const TaskRow& row) { return row.once && !row.deleted && !row.state.next_due; }

bool has_calendar(const TaskRow& row) { return !row.calendar.empty() && !row.deleted; }

bool has_unique_key(const TaskRow& row) { return !row.unique_key.empty() && !row.deleted; }

void erase_sorted(std::vector<std::int64_t>& keys, std::int64_t key) {
  const auto at = std::lower_bound(keys.begin(), keys.end(), key);
  if (at != keys.end() && *at == key) keys.erase(at);
}

/// Keys come growing, but for those that a rollback brings back.
void insert_sorted(std::vector<std::int64_t>& keys, std::int64_t key) {
  keys.insert(keys.empty() || keys.back() < key ? keys.end() : std::lower_bound(keys.begin(), keys.end(), key), key);
}

}  // namespace

void Tables::link_task(const TaskRow& row) {
  if (row.deleted) {
    tombstones.insert(row.key);
  } else {
    ids.emplace(row.id, row.key);
  }
  if (has_due(row)) due.insert({*row.state.next_due, row.key});
  if (is_fired(row)) fired.insert(row.key);
  if (has_calendar(row)) calendar_tasks.insert({row.calendar, row.key});
  if (has_unique_key(row)) unique_keys.insert_or_assign({row.created_by, row.unique_key}, row.key);
  for (const TaskKey upstream : row.upstreams) edges.insert({upstream, row.key});
}

void Tables::unlink_task(const TaskRow& row) {
  if (row.deleted) {
    tombstones.erase(row.key);
  } else {
    ids.erase(row.id);
  }
  if (has_due(row)) due.erase({*row.state.next_due, row.key});
  if (is_fired(row)) fired.erase(row.key);
  if (has_calendar(row)) calendar_tasks.erase({row.calendar, row.key});
  if (has_unique_key(row)) unique_keys.erase({row.created_by, row.unique_key});
  for (const TaskKey upstream : row.upstreams) edges.erase({upstream, row.key});
}

void Tables::put_task(TaskRow row) {
  Task* task = tasks.find(row.key);
  if (task != nullptr) {
    unlink_task(task->row);
    task->row = std::move(row);
  } else {
    const TaskKey key = row.key;
    task = &tasks.insert(key, Task{std::move(row)});
    // Runs that were there before it are of the same transaction, so they are live.
    for (const auto& [due_at, id] : live_of(key)) insert_sorted(task->runs, id);
  }
  link_task(task->row);
}

void Tables::erase_task(TaskKey key) {
  unlink_task(tasks.find(key)->row);
  tasks.erase(key);
}

void Tables::set_state(Task& task, TaskState state) {
  TaskRow& row = task.row;
  if (row.state.next_due == state.next_due) {
    row.state = std::move(state);
    return;
  }
  if (has_due(row)) due.erase({*row.state.next_due, row.key});
  if (is_fired(row)) fired.erase(row.key);
  row.state = std::move(state);
  if (has_due(row)) due.insert({*row.state.next_due, row.key});
  if (is_fired(row)) fired.insert(row.key);
}

Tables::ReadyKeys& Tables::ready_keys(const RunRow& row) {
  auto queue = ready.find(row.queue);
  if (queue == ready.end()) queue = ready.try_emplace(row.queue).first;
  return queue->second[static_cast<std::size_t>(row.priority)];
}

void Tables::link_state(const RunRow& row) {
  if (row.state == RunState::ready) {
    auto& runs_there = row.delayed ? delayed : ready_keys(row)[row.concurrency_key];
    runs_there.insert({row.ready_at, row.id});
  } else if (!is_settled(row.state)) {
    busy.insert({row.state, row.task, row.id});
    if (row.state == RunState::running && !row.concurrency_key.empty()) ++running_keys[row.concurrency_key];
  } else if (row.state == RunState::failed && row.item_of == 0 && !repeated.contains(row.id)) {
    dead_letters.insert(row.id);
  }
}

void Tables::unlink_state(const RunRow& row) {
  if (row.state == RunState::ready) {
    if (row.delayed) {
      delayed.erase({row.ready_at, row.id});
      return;
    }
    ReadyKeys& keys = ready_keys(row);
    const auto of_key = keys.find(row.concurrency_key);
    of_key->second.erase({row.ready_at, row.id});
    if (of_key->second.empty() && !of_key->first.empty()) keys.erase(of_key);
  } else if (!is_settled(row.state)) {
    busy.erase({row.state, row.task, row.id});
    if (row.state == RunState::running && !row.concurrency_key.empty()) {
      const auto count = running_keys.find(row.concurrency_key);
      if (--count->second == 0) running_keys.erase(count);
    }
  } else if (row.state == RunState::failed) {
    dead_letters.erase(row.id);
  }
}

bool Tables::mark_repeated(RunKey id) {
  if (runs.find(id) == nullptr || !repeated.insert(id).second) return false;
  dead_letters.erase(id);
  return true;
}

void Tables::unmark_repeated(RunKey id) {
  repeated.erase(id);
  const RunRow* run = runs.find(id);
  if (run != nullptr && run->state == RunState::failed && run->item_of == 0) dead_letters.insert(id);
}

bool Tables::has_members(RunKey workflow) const {
  for (auto it = workflows.lower_bound({workflow, 0, 0}); it != workflows.end() && it->workflow == workflow; ++it) {
    if (it->id != workflow) return true;
  }
  return false;
}

const Tables::LiveRuns& Tables::live_of(TaskKey task) const {
  static const LiveRuns none;
  const auto found = live.find(task);
  return found != live.end() ? found->second : none;
}

void Tables::link_live(const RunRow& row) {
  live[row.task].insert({row.due_at, row.id});
  if (row.workflow != 0) ++live_of_workflow[row.workflow];
}

void Tables::unlink_live(const RunRow& row, TimePoint due_at) {
  const auto of_task = live.find(row.task);
  of_task->second.erase({due_at, row.id});
  if (of_task->second.empty()) live.erase(of_task);
  if (row.workflow == 0) return;
  const auto count = live_of_workflow.find(row.workflow);
  if (--count->second == 0) live_of_workflow.erase(count);
}

void Tables::insert_run(const RunRow& row) {
  const RunKey id = row.id;
  const RunRow& put = runs.insert(id, row);
  if (Task* task = tasks.find(put.task)) insert_sorted(task->runs, id);
  if (put.scheduled_for && put.item_of == 0)
    scheduled.insert({put.task, put.scheduled_for->time_since_epoch().count()});
  if (put.item_of != 0) {
    items.insert({put.item_of, id});
  } else if (put.workflow != 0) {
    workflows.insert({put.workflow, put.task, id});
  }
  if (!is_settled(put.state)) link_live(put);
  link_state(put);
}

void Tables::erase_run(RunKey id) {
  if (Task* task = tasks.find(runs.find(id)->task)) erase_sorted(task->runs, id);
  erase_run_row(id);
}

void Tables::erase_runs(TaskKey key, const std::vector<RunKey>& which) {
  if (Task* task = tasks.find(key)) {
    auto kept = task->runs.begin();
    auto gone = which.begin();
    for (const RunKey id : task->runs) {
      if (gone != which.end() && *gone == id) {
        ++gone;
      } else {
        *kept++ = id;
      }
    }
    task->runs.erase(kept, task->runs.end());
  }
  for (const RunKey id : which) erase_run_row(id);
}

void Tables::erase_run_row(RunKey id) {
  const RunRow& row = *runs.find(id);
  if (row.scheduled_for && row.item_of == 0) scheduled.erase({row.task, row.scheduled_for->time_since_epoch().count()});
  workflows.erase({row.workflow, row.task, id});
  items.erase({row.item_of, id});
  if (!is_settled(row.state)) unlink_live(row, row.due_at);
  unlink_state(row);
  repeated.erase(id);
  runs.erase(id);
}

void Tables::insert_log(LogRow row) {
  insert_sorted(log_ids[{row.task, row.run}], row.id);
  log_times.insert({row.at, row.id});
  const std::int64_t id = row.id;
  logs.insert(id, std::move(row));
}

void Tables::erase_log(std::int64_t id) {
  const LogRow& row = *logs.find(id);
  const auto lines = log_ids.find({row.task, row.run});
  erase_sorted(lines->second, id);
  if (lines->second.empty()) log_ids.erase(lines);
  log_times.erase({row.at, id});
  logs.erase(id);
}

}  // namespace taskcore::memory_store
