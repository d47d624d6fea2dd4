// What is old goes, in batches. Whatever removes rows saves the last keys, lest they be given again after the next
// open.
#include <limits>
#include <unordered_map>

#include "rows.hpp"
#include "store.hpp"

namespace taskcore::sqlite_store {
namespace {

RunKey key_of(Use& use) { return use.get<RunKey>(); }

}  // namespace

Result<void> SqliteStore::save_last_keys() {
  return Use(session_->sql.save_last_keys, session_->last.task, session_->last.run, session_->last.log).run();
}

Result<SqliteStore::KeptRuns> SqliteStore::kept_runs(TaskKey task, std::size_t keep_newest) {
  KeptRuns kept;
  kept.from = std::numeric_limits<RunKey>::max();
  if (keep_newest > 0) {
    // With fewer runs than that, all stay.
    const auto oldest = Use(session_->sql.keep_from, task, keep_newest - 1).first(key_of);
    if (!oldest) return oldest.error();
    kept.from = oldest->value_or(0);
  }
  Use use(session_->sql.last_runs, task);
  if (use.next()) use.get(kept.last_settled, kept.last_completed);
  if (use.failed()) return use.failure();
  return kept;
}

Result<Store::Pruned> SqliteStore::prune_runs(const RunPruning& what) {
  if (auto ready = settle_down(); !ready) return ready.error();
  struct Candidate {
    RunKey id = 0;
    TaskKey task = 0;
    bool old = false;
  };
  const auto looked = Use(session_->sql.runs_to_prune, what.settled_before, what.after, what.scan).all([](Use& use) {
    Candidate run;
    use.get(run.id, run.task, run.old);
    return run;
  });
  if (!looked) return looked.error();
  std::unordered_map<TaskKey, KeptRuns> kept;
  Pruned pruned;
  if (looked->size() == what.scan && what.scan > 0) {
    const auto last = find_run(looked->back().id);
    if (!last) return last.error();
    if (!*last || !what.is_young((*last)->created_at)) pruned.next = looked->back().id;
  }
  for (const Candidate& run : *looked) {
    if (!run.old) continue;
    const auto [entry, is_new] = kept.try_emplace(run.task);
    if (is_new) {
      const auto found = kept_runs(run.task, what.keep_newest);
      if (!found) return found.error();
      entry->second = *found;
    }
    if (entry->second.has(run.id)) continue;
    if (auto done = Use(session_->sql.remove_run_logs, run.task, run.id).run(); !done) return done.error();
    if (auto done = Use(session_->sql.remove_run, run.id).run(); !done) return done.error();
    ++pruned.removed;
  }
  if (pruned.removed == 0) return pruned;
  if (auto saved = save_last_keys(); !saved) return saved.error();
  return pruned;
}

Result<bool> SqliteStore::remove_run(const RunRow& row) {
  if (auto ready = settle_down(); !ready) return ready.error();
  const auto removed = Use(session_->sql.remove_run, row.id).count();
  if (!removed) return removed.error();
  if (*removed == 0) return false;
  if (auto done = Use(session_->sql.remove_run_logs, row.task, row.id).run(); !done) return done.error();
  if (auto saved = save_last_keys(); !saved) return saved.error();
  return true;
}

Result<std::size_t> SqliteStore::prune_logs(TimePoint before, std::size_t limit) {
  const auto removed = Use(session_->sql.remove_old_logs, before, limit).count();
  if (!removed || *removed == 0) return removed;
  if (auto saved = save_last_keys(); !saved) return saved.error();
  return removed;
}

Result<std::size_t> SqliteStore::prune_rates(TimePoint now, std::size_t limit) {
  return Use(session_->sql.prune_rates, now, limit).count();
}

Result<std::size_t> SqliteStore::prune_tombstone(TaskKey key, std::size_t limit) {
  const auto logs = Use(session_->sql.remove_some_logs, key, 0, limit).count();
  if (!logs) return logs;
  std::size_t removed = *logs;
  const auto runs = Use(session_->sql.runs_of_task, key, limit).all(key_of);
  if (!runs) return runs.error();
  for (const RunKey run : *runs) {
    const auto lines = Use(session_->sql.remove_some_logs, key, run, limit - removed).count();
    if (!lines) return lines;
    removed += *lines;
    if (removed == limit) return removed;
    if (auto done = Use(session_->sql.remove_run, run).run(); !done) return done.error();
    ++removed;
  }
  if (removed == limit) return removed;
  for (Stmt* remove : {&session_->sql.remove_edges, &session_->sql.remove_assignments, &session_->sql.remove_task}) {
    if (auto done = Use(*remove, key).run(); !done) return done.error();
  }
  return removed + 1;
}

Result<std::size_t> SqliteStore::prune_deleted_tasks(std::size_t limit) {
  if (auto ready = settle_down(); !ready) return ready.error();
  const auto keys = Use(session_->sql.tombstones, limit).all(key_of);
  if (!keys) return keys.error();
  std::size_t removed = 0;
  for (const TaskKey key : *keys) {
    if (removed == limit) break;
    const auto more = prune_tombstone(key, limit - removed);
    if (!more) return more;
    removed += *more;
  }
  if (removed == 0) return removed;
  if (auto saved = save_last_keys(); !saved) return saved.error();
  return removed;
}

}  // namespace taskcore::sqlite_store
