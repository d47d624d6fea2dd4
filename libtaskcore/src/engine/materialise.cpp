#include "engine/materialise.hpp"

#include <algorithm>

#include "engine/due.hpp"
#include "engine/place.hpp"
#include "engine/skips.hpp"
#include "engine/spread.hpp"

namespace taskcore {
namespace {

/// Tasks in one transaction: bounds how long one commit takes.
constexpr std::size_t kTasksAtOnce = 500;

}  // namespace

void make_due_runs(Ledger& ledger, Entry& entry) {
  TaskState& state = entry.row.state;
  const Definition& definition = *entry.definition;
  DueFacts facts;
  facts.next_due = *state.next_due;
  facts.now = ledger.now();
  facts.attentive_since = ledger.attentive_since();
  facts.live = state.live > 0;
  facts.runs_left = runs_left(definition.spec(), state.schedule_runs);
  facts.one_waits = facts.live && first_held(ledger, entry);

  const DuePlan plan = plan_due(definition.schedule, definition.spec(), facts);
  state.next_due = plan.next_due;
  ledger.touch(entry);
  for (const Skipped& skipped : plan.skipped) record_skip(ledger, entry, skipped);
  if (plan.cancel_live) cancel_live(ledger, entry, "superseded");
  for (const DueRun& due : plan.runs) {
    RunRow run = new_run(ledger, entry, due.instant);
    run.trigger = Trigger::schedule;
    run.scheduled_for = due.instant;
    run.missed_count = static_cast<std::int64_t>(due.missed_count);
    run.missed_from = due.missed_from;
    if (due.on_time) {
      run.ready_at += start_delay(entry.row.id, definition.spec().schedule_jitter, definition.schedule, due.instant);
    }
    place_run(ledger, entry, std::move(run), due.held);
    state.schedule_runs += 1;  // also when an earlier schedule had this instant: it is one of this one's too
  }
  // The run that the others are behind may have been there already, and be over.
  const auto is_held = [](const DueRun& due) { return due.held; };
  if (std::any_of(plan.runs.begin(), plan.runs.end(), is_held)) release_held(ledger, entry);
  // Waiting runs of others may have waited for just this instant.
  ledger.upstream_moved(entry);
}

void materialise(Ledger& ledger) {
  auto rows = check(ledger.store().due_tasks(ledger.now(), kTasksAtOnce));
  for (TaskRow& row : rows) {
    Entry& entry = ledger.adopt(std::move(row));
    if (entry.row.state.next_due && *entry.row.state.next_due <= ledger.now()) make_due_runs(ledger, entry);
  }
}

}  // namespace taskcore
