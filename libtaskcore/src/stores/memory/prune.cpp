// What is old goes, in batches; and the store's reading verbs beside those of every reader.
#include <algorithm>
#include <limits>
#include <map>

#include "store.hpp"

namespace taskcore::memory_store {

void MemoryStore::note_gone(RunKey id) {
  if (tables_.repeated.contains(id)) journal_.repeat_is_gone(id);
  journal_.run_is_gone(*tables_.runs.find(id));
}

void MemoryStore::erase_run(RunKey id) {
  note_gone(id);
  tables_.erase_run(id);
}

Result<bool> MemoryStore::remove_run(const RunRow& row) {
  const RunRow* run = tables_.runs.find(row.id);
  if (run == nullptr || !is_settled(run->state)) return false;
  remove_logs(row.task, row.id, std::numeric_limits<std::size_t>::max());
  erase_run(row.id);
  return true;
}

std::size_t MemoryStore::remove_logs(TaskKey task, RunKey run, std::size_t limit) {
  const auto lines = tables_.log_ids.find({task, run});
  if (lines == tables_.log_ids.end()) return 0;
  std::vector<std::int64_t> ids = lines->second;
  ids.resize(std::min(ids.size(), limit));
  for (const std::int64_t id : ids) {
    journal_.log_is_gone(*tables_.logs.find(id));
    tables_.erase_log(id);
  }
  return ids.size();
}

/// The oldest of the task's newest runs, as many as are kept; items do not count.
RunKey MemoryStore::keep_from(const Task& task, std::size_t newest) const {
  for (auto id = task.runs.rbegin(); newest > 0; ++id) {
    if (id == task.runs.rend()) return 0;
    if (tables_.runs.find(*id)->item_of == 0 && --newest == 0) return *id;
  }
  return std::numeric_limits<RunKey>::max();
}

Result<Store::Pruned> MemoryStore::prune_runs(const RunPruning& what) {
  std::vector<RunKey> looked;
  tables_.runs.ascend(what.after, [&](const RunRow& run) {
    if (looked.size() == what.scan) return false;
    looked.push_back(run.id);
    return true;
  });
  Pruned pruned;
  if (looked.size() == what.scan && what.scan > 0 && !what.is_young(tables_.runs.find(looked.back())->created_at))
    pruned.next = looked.back();
  std::map<TaskKey, RunKey> kept_from;
  std::map<TaskKey, std::vector<RunKey>> gone;
  for (const RunKey id : looked) {
    const RunRow& run = *tables_.runs.find(id);
    if (!is_settled(run.state) || !run.finished_at || *run.finished_at >= what.settled_before) continue;
    if (tables_.live_of_workflow.contains(run.workflow)) continue;
    if (run.workflow == id && tables_.has_members(id)) continue;
    if (const RunRow* whole = tables_.runs.find(run.item_of); whole != nullptr && !is_settled(whole->state)) continue;
    if (const Task* task = tables_.tasks.find(run.task)) {
      const auto [from, is_new] = kept_from.try_emplace(run.task, 0);
      if (is_new) from->second = keep_from(*task, what.keep_newest);
      if (id >= from->second) continue;
      if (id == task->row.state.last_settled || id == task->row.state.last_completed) continue;
    }
    gone[run.task].push_back(id);
  }
  for (const auto& [task, ids] : gone) {
    for (const RunKey id : ids) {
      remove_logs(task, id, std::numeric_limits<std::size_t>::max());
      note_gone(id);
    }
    tables_.erase_runs(task, ids);
    pruned.removed += ids.size();
  }
  return pruned;
}

Result<std::size_t> MemoryStore::prune_logs(TimePoint before, std::size_t limit) {
  std::vector<std::int64_t> ids;
  for (const auto& [at, id] : tables_.log_times) {
    if (at >= before || ids.size() == limit) break;
    ids.push_back(id);
  }
  for (const std::int64_t id : ids) {
    journal_.log_is_gone(*tables_.logs.find(id));
    tables_.erase_log(id);
  }
  return ids.size();
}

Result<std::size_t> MemoryStore::prune_rates(TimePoint now, std::size_t limit) {
  std::size_t removed = 0;
  for (auto at = tables_.rates.begin(); at != tables_.rates.end() && removed < limit;) {
    if (at->second.expires_at > now) {
      ++at;
      continue;
    }
    journal_.rate_was(at->first, std::move(at->second));
    at = tables_.rates.erase(at);
    ++removed;
  }
  return removed;
}

std::size_t MemoryStore::prune_tombstone(TaskKey key, std::size_t limit) {
  std::vector<RunKey> runs = tables_.tasks.find(key)->runs;
  std::size_t removed = remove_logs(key, 0, limit);
  for (const RunKey run : runs) {
    removed += remove_logs(key, run, limit - removed);
    if (removed == limit) return removed;
    erase_run(run);
    ++removed;
  }
  if (removed == limit) return removed;
  journal_.task_was(tables_.tasks.find(key)->row);
  tables_.erase_task(key);
  return removed + 1;
}

Result<std::size_t> MemoryStore::prune_deleted_tasks(std::size_t limit) {
  std::size_t removed = 0;
  const std::vector<TaskKey> keys(tables_.tombstones.begin(), tables_.tombstones.end());
  for (const TaskKey key : keys) {
    if (removed == limit) break;
    if (*finder_.earliest_live_due(key)) continue;
    removed += prune_tombstone(key, limit - removed);
  }
  return removed;
}

Result<std::vector<TaskRow>> MemoryStore::due_tasks(TimePoint now, std::size_t limit) {
  return read([&](Finder& finder) { return finder.due_tasks(now, limit); });
}

Result<std::optional<TaskKey>> MemoryStore::find_unique(std::string_view created_by, std::string_view unique_key) {
  return read([&](Finder& finder) { return finder.find_unique(created_by, unique_key); });
}

Result<std::vector<TaskKey>> MemoryStore::tasks_of_calendar(std::string_view name, TaskKey after, std::size_t limit) {
  return read([&](Finder& finder) { return finder.tasks_of_calendar(name, after, limit); });
}

Result<std::optional<TimePoint>> MemoryStore::first_due() {
  return read([](Finder& finder) { return finder.first_due(); });
}

Result<std::vector<std::string>> MemoryStore::ready_queues() {
  return read([](Finder& finder) { return finder.ready_queues(); });
}

Result<std::vector<RunRow>> MemoryStore::ready_runs(std::string_view queue, Priority priority, std::string_view key,
                                                    std::size_t limit) {
  return read([&](Finder& finder) { return finder.ready_runs(queue, priority, key, limit); });
}

Result<std::vector<RunRow>> MemoryStore::first_ready_of_keys(std::string_view queue, Priority priority,
                                                             std::string_view after, std::size_t limit) {
  return read([&](Finder& finder) { return finder.first_ready_of_keys(queue, priority, after, limit); });
}

Result<std::size_t> MemoryStore::running_with_key(std::string_view key) {
  return read([&](Finder& finder) { return finder.running_with_key(key); });
}

Result<std::optional<TimePoint>> MemoryStore::first_delayed() {
  return read([](Finder& finder) { return finder.first_delayed(); });
}

Result<std::optional<RateRow>> MemoryStore::find_rate(std::string_view queue, std::string_view key) {
  return read([&](Finder&) {
    const auto found = tables_.rates.find({std::string(queue), std::string(key)});
    return found == tables_.rates.end() ? std::nullopt : std::optional(found->second);
  });
}

Result<std::vector<RunRow>> MemoryStore::running_runs(RunKey after, std::size_t limit) {
  return read([&](Finder& finder) { return finder.running_runs(after, limit); });
}

Result<std::vector<TaskKey>> MemoryStore::spent_once_tasks(TimePoint before, std::size_t limit) {
  return read([&](Finder& finder) { return finder.spent_once_tasks(before, limit); });
}

Result<std::vector<NodeRow>> MemoryStore::nodes() {
  return read([this](Finder&) {
    std::vector<NodeRow> rows;
    for (const auto& [node, lease_until] : tables_.nodes) rows.push_back({node, lease_until});
    return rows;
  });
}

}  // namespace taskcore::memory_store
