// Undoing goes through the tables' own writes, so the indexes come back with the rows. Keys that were
// given in vain are given again, as other stores do after they were opened anew.
#include "journal.hpp"

namespace taskcore::memory_store {
namespace {

template <class Row>
Row pop(std::vector<Row>& rows) {
  Row row = std::move(rows.back());
  rows.pop_back();
  return row;
}

/// What was there under that name, or nothing.
template <class Map, class Was>
void put_back(Map& map, Was was) {
  auto& [name, row] = was;
  map.erase(name);
  if (row) map.emplace(std::move(name), std::move(*row));
}

}  // namespace

void Journal::forget() {
  steps_.clear();
  tasks_.clear();
  states_.clear();
  runs_.clear();
  logs_.clear();
  nodes_.clear();
  calendars_.clear();
  queues_.clear();
  rates_.clear();
  audit_.clear();
  audit_ends_.clear();
  idempotency_.clear();
}

void Journal::undo(Tables& tables) {
  for (; !steps_.empty(); steps_.pop_back()) undo(tables, steps_.back());
}

void Journal::undo(Tables& tables, const Step& step) {
  switch (step.kind) {
    case Step::task_key_new:
      tables.last_task = step.key - 1;
      return;
    case Step::task_new:
      return tables.erase_task(step.key);
    case Step::task_was:
      return tables.put_task(pop(tasks_));
    case Step::state_was: {
      auto [key, state] = pop(states_);
      return tables.set_state(*tables.tasks.find(key), std::move(state));
    }
    case Step::run_new:
      tables.last_run = step.key - 1;
      return tables.erase_run(step.key);
    case Step::run_was: {
      RunRow was = pop(runs_);
      RunRow& row = *tables.runs.find(was.id);
      return tables.change_run(row, [&](RunRow& now) { now = std::move(was); });
    }
    case Step::run_gone:
      return tables.insert_run(pop(runs_));
    case Step::repeat_new:
      return tables.unmark_repeated(step.key);
    case Step::repeat_gone:
      return static_cast<void>(tables.mark_repeated(step.key));
    case Step::log_new:
      tables.last_log = step.key - 1;
      return tables.erase_log(step.key);
    case Step::log_gone:
      return tables.insert_log(pop(logs_));
    case Step::nodes_were:
      tables.nodes = pop(nodes_);
      return;
    case Step::calendar_was:
      return put_back(tables.calendars, pop(calendars_));
    case Step::queue_was:
      return put_back(tables.queues, pop(queues_));
    case Step::rate_was:
      return put_back(tables.rates, pop(rates_));
    case Step::audit_new:
      tables.audit.erase(step.key);
      return;
    case Step::audit_gone: {
      AuditEntry row = pop(audit_);
      tables.audit.emplace(row.seq, std::move(row));
      return;
    }
    case Step::audit_ends_were:
      tables.audit_ends = pop(audit_ends_);
      return;
    case Step::idempotency_was:
      return put_back(tables.idempotency, pop(idempotency_));
  }
}

}  // namespace taskcore::memory_store
