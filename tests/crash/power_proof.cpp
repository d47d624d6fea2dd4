#include "crash/power_proof.hpp"

#include <algorithm>

#include "model/ids.hpp"
#include "model/status.hpp"
#include "store/subject.hpp"

namespace taskcore::crash {

void PowerProof::told_task(const std::string& id, std::int64_t version) {
  ++acknowledged_;
  tasks_[id] = std::max(tasks_[id], version);
}

void PowerProof::told_run(const std::string& id, const std::string& task) {
  ++acknowledged_;
  runs_.emplace(parse_run_id(id).value(), task);
}

void PowerProof::told_settled(const std::string& id, Status status) {
  ++acknowledged_;
  if (!settled_.emplace(parse_run_id(id).value(), status).second) complain(id + " ended twice");
}

void PowerProof::attempt_begins(const std::string& id, int attempt) {
  const RunKey run = parse_run_id(id).value();
  if (settled_.contains(run) || seen_settled_.contains(run)) complain(id + " ran again after its end");
  if (!begun_.insert({run, attempt}).second) complain(id + " did attempt " + std::to_string(attempt) + " twice");
}

void PowerProof::check(Store& store, const std::string& integrity) {
  if (integrity != "ok") complain("integrity_check: " + integrity);
  check_tasks(store);
  check_runs(store);
}

void PowerProof::check_tasks(Store& store) {
  for (const auto& [id, version] : tasks_) {
    const auto row = store.find_task(id).value();
    if (removed_.contains(id) && row) complain("the removed task " + id + " is there");
    if (is_gone(id)) continue;
    if (!row) {
      complain("the acknowledged task " + id + " is not there");
    } else if (row->version < version) {
      complain("the acknowledged version " + std::to_string(version) + " of " + id + " is not there");
    }
  }
  TaskQuery all;
  all.limit = 1000;
  std::map<std::string, std::size_t> batches;
  for (const TaskRow& task : store.page_tasks(all).value().items) {
    const auto runs = store.runs_after(task.key, 0, 100000).value();
    check_counters(task, runs);
    for (const RunRow& run : runs) {
      check_settled(run);
      const std::string params = run.params.str();
      if (params.starts_with("{\"batch\":")) ++batches[params.substr(0, params.find_first_of(",}"))];
    }
  }
  for (const auto& [batch, count] : batches) {
    if (count != kBatch) complain("half a transaction: " + std::to_string(count) + " runs of " + batch);
  }
}

/// A task's counters are written with its runs, in the same transaction.
void PowerProof::check_counters(const TaskRow& task, const std::vector<RunRow>& runs) {
  TaskState seen;
  for (const RunRow& run : runs) {
    seen.live += is_settled(run.state) ? 0 : 1;
    seen.running += run.state == RunState::running ? 1 : 0;
    seen.last_run = run.id;
    if (is_settled(run.state)) seen.last_settled = run.id;
  }
  const TaskState& told = task.state;
  if (seen.live != told.live || seen.running != told.running || seen.last_run != told.last_run ||
      seen.last_settled != told.last_settled) {
    complain("half a transaction: the counters of " + task.id + " are not what its runs say");
  }
}

void PowerProof::check_runs(Store& store) {
  for (const auto& [id, task] : runs_) {
    const auto row = store.find_run(id).value();
    if (row) {
      check_settled(*row);
    } else if (!is_gone(task)) {
      complain("the acknowledged run " + run_id(id) + " is not there");
    }
  }
  for (const auto& [id, status] : settled_) {
    const auto row = store.find_run(id).value();
    if (row && (!is_settled(row->state) || status_of(row->state) != status)) {
      complain(run_id(id) + " had ended and is now " + store_test::text(*row));
    }
  }
}

void PowerProof::check_settled(const RunRow& row) {
  if (!is_settled(row.state)) return;
  const auto [seen, fresh] = seen_settled_.emplace(row.id, store_test::text(row));
  if (!fresh && seen->second != store_test::text(row)) complain(run_id(row.id) + " changed after its end");
}

}  // namespace taskcore::crash
