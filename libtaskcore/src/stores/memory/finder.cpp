// Look-ups along the indexes; the listings that filter are in listing.cpp.
#include "finder.hpp"

#include <algorithm>
#include <limits>

namespace taskcore::memory_store {
namespace {

constexpr std::int64_t kFirstKey = std::numeric_limits<std::int64_t>::min();

}  // namespace

Result<std::optional<TaskRow>> Finder::find_task(std::string_view id) const {
  const auto found = tables_.ids.find(id);
  if (found == tables_.ids.end()) return std::optional<TaskRow>{};
  return find_task(found->second);
}

Result<std::optional<TaskRow>> Finder::find_task(TaskKey key) const {
  const Task* task = tables_.tasks.find(key);
  return task != nullptr ? std::optional(task->row) : std::nullopt;
}

Result<std::optional<RunRow>> Finder::find_run(RunKey id) const {
  const RunRow* run = tables_.runs.find(id);
  return run != nullptr ? std::optional(*run) : std::nullopt;
}

Result<std::vector<TaskKey>> Finder::dependents(TaskKey task) const {
  std::vector<TaskKey> keys;
  for (auto edge = tables_.edges.lower_bound({task, kFirstKey}); edge != tables_.edges.end(); ++edge) {
    if (edge->first != task) break;
    if (!tables_.tasks.find(edge->second)->row.deleted) keys.push_back(edge->second);
  }
  return keys;
}

bool Finder::has_dependents(TaskKey task) const { return !dependents(task)->empty(); }

std::vector<RunRow> Finder::take(std::vector<RunKey> ids, std::size_t limit) const {
  const auto end = ids.begin() + static_cast<std::ptrdiff_t>(std::min(limit, ids.size()));
  std::partial_sort(ids.begin(), end, ids.end());
  std::vector<RunRow> rows;
  rows.reserve(static_cast<std::size_t>(end - ids.begin()));
  for (auto id = ids.begin(); id != end; ++id) rows.push_back(*tables_.runs.find(*id));
  return rows;
}

Result<std::vector<RunRow>> Finder::live_runs(TaskKey task, std::size_t limit) const {
  std::vector<RunKey> ids;
  for (const auto& [due_at, id] : tables_.live_of(task)) ids.push_back(id);
  return take(std::move(ids), limit);
}

Result<std::vector<RunRow>> Finder::live_runs(TaskKey task, RunState state, std::size_t limit) const {
  std::vector<RunKey> ids;
  if (state == RunState::ready) {
    for (const auto& [due_at, id] : tables_.live_of(task)) {
      if (tables_.runs.find(id)->state == state) ids.push_back(id);
    }
  } else {
    for (auto at = tables_.busy.lower_bound({state, task, kFirstKey}); at != tables_.busy.end(); ++at) {
      if (at->state != state || at->task != task || ids.size() == limit) break;
      ids.push_back(at->id);
    }
  }
  return take(std::move(ids), limit);
}

Result<std::optional<TimePoint>> Finder::earliest_live_due(TaskKey task) const {
  const auto& live = tables_.live_of(task);
  return live.empty() ? std::optional<TimePoint>() : std::optional(live.begin()->first);
}

Result<std::vector<RunRow>> Finder::runs_after(TaskKey task, RunKey after, std::size_t limit) const {
  std::vector<RunRow> rows;
  const Task* found = tables_.tasks.find(task);
  if (found == nullptr) return rows;
  auto id = std::upper_bound(found->runs.begin(), found->runs.end(), after);
  for (; id != found->runs.end() && rows.size() < limit; ++id) rows.push_back(*tables_.runs.find(*id));
  return rows;
}

Result<std::optional<RunRow>> Finder::newest_of_workflow(RunKey workflow, TaskKey task) const {
  const auto after = tables_.workflows.lower_bound({workflow, task + 1, 0});
  if (after == tables_.workflows.begin()) return std::optional<RunRow>();
  const WorkflowRun& newest = *std::prev(after);
  if (newest.workflow != workflow || newest.task != task) return std::optional<RunRow>();
  return find_run(newest.id);
}

Result<std::vector<RunRow>> Finder::runs_of_workflow(RunKey workflow, RunKey after, std::size_t limit) const {
  std::vector<RunKey> ids;
  for (auto it = tables_.workflows.lower_bound({workflow, 0, 0});
       it != tables_.workflows.end() && it->workflow == workflow; ++it) {
    if (it->id > after) ids.push_back(it->id);
  }
  return take(std::move(ids), limit);
}

Result<std::vector<RunRow>> Finder::items_of(RunKey group, RunKey after, std::size_t limit) const {
  std::vector<RunRow> rows;
  for (auto at = tables_.items.upper_bound({group, after}); at != tables_.items.end() && at->first == group; ++at) {
    if (rows.size() == limit) break;
    rows.push_back(*tables_.runs.find(at->second));
  }
  return rows;
}

Result<bool> Finder::is_repeated(RunKey run) const { return tables_.repeated.contains(run); }

Result<std::vector<TimePoint>> Finder::taken_instants(TaskKey task, TimePoint from, TimePoint to) const {
  std::vector<TimePoint> taken;
  const Task* found = tables_.tasks.find(task);
  if (found == nullptr) return taken;
  for (const RunKey id : found->runs) {
    const RunRow& run = *tables_.runs.find(id);
    const auto& instant = run.scheduled_for;
    if (run.item_of == 0 && instant && *instant >= from && *instant <= to) taken.push_back(*instant);
  }
  std::sort(taken.begin(), taken.end());  // the runs of a backfill came later than their instants
  return taken;
}

Result<std::vector<LogRow>> Finder::logs(const LogRange& range) const {
  std::vector<LogRow> rows;
  const auto lines = tables_.log_ids.find({range.task, range.run});
  if (lines == tables_.log_ids.end()) return rows;
  auto id = std::upper_bound(lines->second.begin(), lines->second.end(), range.after_id);
  for (; id != lines->second.end() && rows.size() < range.limit; ++id) {
    const LogRow& row = *tables_.logs.find(*id);
    if (row.level >= range.level && (!range.since || row.at >= *range.since)) rows.push_back(row);
  }
  return rows;
}

std::vector<TaskRow> Finder::due_tasks(TimePoint now, std::size_t limit) const {
  std::vector<TaskRow> rows;
  for (const auto& [due, key] : tables_.due) {
    if (due > now || rows.size() == limit) break;
    rows.push_back(tables_.tasks.find(key)->row);
  }
  return rows;
}

std::optional<TaskKey> Finder::find_unique(std::string_view created_by, std::string_view unique_key) const {
  const auto found = tables_.unique_keys.find({std::string(created_by), std::string(unique_key)});
  return found == tables_.unique_keys.end() ? std::nullopt : std::optional(found->second);
}

std::optional<TimePoint> Finder::first_due() const {
  if (tables_.due.empty()) return std::nullopt;
  return tables_.due.begin()->first;
}

Result<std::optional<CalendarRow>> Finder::find_calendar(std::string_view name) const {
  const auto found = tables_.calendars.find(name);
  return found == tables_.calendars.end() ? std::nullopt : std::optional(found->second);
}

Result<std::vector<CalendarRow>> Finder::calendars(std::string_view after, std::size_t limit) const {
  std::vector<CalendarRow> rows;
  for (auto at = tables_.calendars.upper_bound(after); at != tables_.calendars.end() && rows.size() < limit; ++at) {
    rows.push_back(at->second);
  }
  return rows;
}

std::vector<TaskKey> Finder::tasks_of_calendar(std::string_view name, TaskKey after, std::size_t limit) const {
  std::vector<TaskKey> keys;
  auto at = tables_.calendar_tasks.upper_bound({std::string(name), after});
  for (; at != tables_.calendar_tasks.end() && at->first == name && keys.size() < limit; ++at) {
    keys.push_back(at->second);
  }
  return keys;
}

Result<std::optional<QueueRow>> Finder::find_queue(std::string_view name) const {
  const auto found = tables_.queues.find(name);
  return found == tables_.queues.end() ? std::nullopt : std::optional(found->second);
}

Result<std::vector<QueueRow>> Finder::queues(std::string_view after, std::size_t limit) const {
  std::vector<QueueRow> rows;
  for (auto at = tables_.queues.upper_bound(after); at != tables_.queues.end() && rows.size() < limit; ++at) {
    rows.push_back(at->second);
  }
  return rows;
}

Result<std::vector<QueueLoad>> Finder::queue_loads() const {
  std::map<std::string, QueueLoad> loads;
  for (const auto& [queue, priorities] : tables_.ready) {
    for (const auto& keys : priorities) {
      for (const auto& [key, runs] : keys) {
        if (runs.empty()) continue;
        QueueLoad& load = loads[queue];
        load.ready += runs.size();
        const TimePoint oldest = runs.begin()->first;
        load.oldest_ready = std::min(load.oldest_ready.value_or(oldest), oldest);
      }
    }
  }
  for (const auto& [at, id] : tables_.delayed) ++loads[tables_.runs.find(id)->queue].delayed;
  for (auto at = tables_.busy.lower_bound({RunState::running, kFirstKey, kFirstKey}); at != tables_.busy.end(); ++at) {
    ++loads[tables_.runs.find(at->id)->queue].running;
  }
  std::vector<QueueLoad> out;
  for (auto& [queue, load] : loads) {
    load.queue = queue;
    out.push_back(std::move(load));
  }
  return out;
}

std::vector<std::string> Finder::ready_queues() const {
  const auto is_empty = [](const auto& key) { return key.second.empty(); };
  const auto are_empty = [&](const auto& keys) { return std::all_of(keys.begin(), keys.end(), is_empty); };
  std::vector<std::string> queues;
  for (const auto& [queue, priorities] : tables_.ready) {
    if (!std::all_of(priorities.begin(), priorities.end(), are_empty)) queues.push_back(queue);
  }
  return queues;
}

const Tables::ReadyKeys* Finder::ready_keys(std::string_view queue, Priority priority) const {
  const auto found = tables_.ready.find(queue);
  return found == tables_.ready.end() ? nullptr : &found->second[static_cast<std::size_t>(priority)];
}

std::vector<RunRow> Finder::ready_runs(std::string_view queue, Priority priority, std::string_view key,
                                       std::size_t limit) const {
  std::vector<RunRow> rows;
  const auto* keys = ready_keys(queue, priority);
  if (keys == nullptr) return rows;
  const auto runs = keys->find(key);
  if (runs == keys->end()) return rows;
  for (const auto& [ready_at, id] : runs->second) {
    if (rows.size() == limit) break;
    rows.push_back(*tables_.runs.find(id));
  }
  return rows;
}

std::vector<RunRow> Finder::first_ready_of_keys(std::string_view queue, Priority priority, std::string_view after,
                                                std::size_t limit) const {
  std::vector<RunRow> rows;
  const auto* keys = ready_keys(queue, priority);
  if (keys == nullptr) return rows;
  for (auto at = keys->upper_bound(after); at != keys->end() && rows.size() < limit; ++at) {
    rows.push_back(*tables_.runs.find(at->second.begin()->second));
  }
  return rows;
}

std::size_t Finder::running_with_key(std::string_view key) const {
  const auto found = tables_.running_keys.find(key);
  return found == tables_.running_keys.end() ? 0 : found->second;
}

std::optional<TimePoint> Finder::first_delayed() const {
  if (tables_.delayed.empty()) return std::nullopt;
  return tables_.delayed.begin()->first;
}

std::vector<RunRow> Finder::running_runs(RunKey after, std::size_t limit) const {
  std::vector<RunKey> ids;
  // `running` is the last of the busy states.
  for (auto at = tables_.busy.lower_bound({RunState::running, kFirstKey, kFirstKey}); at != tables_.busy.end(); ++at) {
    if (at->id > after) ids.push_back(at->id);
  }
  return take(std::move(ids), limit);
}

std::vector<TaskKey> Finder::spent_once_tasks(TimePoint before, std::size_t limit) const {
  std::vector<TaskKey> keys;
  for (const TaskKey key : tables_.fired) {
    if (keys.size() == limit) break;
    const TaskState& state = tables_.tasks.find(key)->row.state;
    const RunRow* newest = tables_.runs.find(state.last_run);
    const bool ended = state.live == 0 && newest != nullptr && newest->finished_at && *newest->finished_at < before;
    if (ended && !has_dependents(key)) keys.push_back(key);
  }
  return keys;
}

}  // namespace taskcore::memory_store
