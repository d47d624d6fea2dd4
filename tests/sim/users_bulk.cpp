// Calls on many runs at once, and the list of dead letters.
#include <algorithm>

#include "model/ids.hpp"
#include "sim/users.hpp"

namespace taskcore::sim {

/// Runs by id, each once.
RunSelection Users::some_runs() {
  std::set<std::string> ids;
  for (int i = chance_.between(1, 8); i > 0; --i) ids.insert(some_run());
  RunSelection which;
  which.ids.emplace(ids.begin(), ids.end());
  which.dry_run = chance_.one_in(4);
  return which;
}

void Users::bulk(Scheduler& scheduler) {
  RunSelection which = some_runs();
  if (chance_.one_in(3)) {
    which.ids.reset();
    which.filter.emplace();
    which.filter->task_id = some_id();
  }
  const bool dry_run = which.dry_run;
  if (chance_.one_in(3) && setup_.has(Spice::cancel)) {
    return scheduler.async_cancel_runs(std::move(which), {}, [this, dry_run](Result<BulkRuns> answer) {
      if (!heard("cancel runs", answer) || dry_run) return;
      std::vector<RunKey> runs;
      for (const std::string& id : answer->ids) runs.push_back(*parse_run_id(id));
      expect_cancelled(runs);
    });
  }
  auto then = [this, dry_run](Result<BulkRuns> answer) {
    if (!heard("repeat runs", answer)) return;
    for (const std::string& id : answer->made) expect_run(id);
    if (answer->made.size() != (dry_run ? 0 : answer->ids.size())) trace_.violation("not each run was repeated");
  };
  if (chance_.one_in(2)) return scheduler.async_redrive(std::move(which), {}, std::move(then));
  scheduler.async_retry_runs(std::move(which), {}, std::move(then));
}

void Users::remove_runs(Scheduler& scheduler) {
  RunSelection which = some_runs();
  if (!which.dry_run) {
    for (const std::string& id : *which.ids) shadow_.may_go(*parse_run_id(id));
  }
  scheduler.async_remove_runs(which, {}, [this, dry_run = which.dry_run](Result<BulkRuns> answer) {
    if (!heard("remove runs", answer) || dry_run) return;
    for (const std::string& id : answer->ids) {
      if (shadow_.shows_run(*parse_run_id(id))) trace_.violation("a removed run is still there: " + id);
    }
  });
}

void Users::list_dead_letters(Scheduler& scheduler) {
  RunQuery query;
  query.oldest_first = true;
  query.limit = 1 + chance_.below(20);
  std::vector<std::string> seen;
  do {
    const auto page = scheduler.dead_letters(query);
    if (!heard("dead letters", page)) return;
    for (const Run& run : page->items) seen.push_back(run.id);
    query.cursor = page->next_cursor;
  } while (!query.cursor.empty());
  std::set<RunKey> repeated;
  for (const auto& [key, run] : shadow_.runs()) repeated.insert(run.retry_of);
  std::vector<std::string> expected;
  for (const auto& [key, run] : shadow_.runs()) {
    if (run.state == RunState::failed && run.item_of == 0 && shadow_.shows_run(key) && !repeated.contains(key))
      expected.push_back(run_id(key));
  }
  if (seen != expected) trace_.violation("the dead letters are others than were committed");
}

}  // namespace taskcore::sim
