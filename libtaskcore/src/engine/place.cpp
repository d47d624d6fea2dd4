#include "engine/place.hpp"

#include <algorithm>

#include "engine/admission.hpp"
#include "engine/fan_out.hpp"
#include "engine/transitions.hpp"
#include "model/status.hpp"

namespace taskcore {
namespace {

constexpr std::size_t kRunsAtOnce = 500;

/// Whether it waits for the task's dependencies. One that is there because they have run need not.
bool has_gate(const Entry& entry, const RunRow& run) {
  return !entry.row.upstreams.empty() && run.trigger != Trigger::dependency;
}

/// Starts `run` in this very transaction instead of queueing it for the next look.
void be_born_running(Ledger& ledger, const Entry& entry, RunRow& run) {
  if (!run.concurrency_key.empty()) {
    ledger.slots().place_in_ring(run.queue, run.priority) = run.concurrency_key;  // it has had its turn
  }
  begin_attempt(run, ledger.node(), entry.row.version, ledger.now());
}

}  // namespace

bool is_full(const Entry& entry, std::int64_t coming) {
  return entry.definition->spec().overlap != Overlap::allow && entry.row.state.live + coming >= kMaxWaitingRuns;
}

Error too_many_waiting(const Entry& entry) {
  return fail(Errc::overloaded,
              "task '" + entry.row.id + "' already has " + std::to_string(entry.row.state.live) + " runs waiting");
}

RunRow new_run(const Ledger& ledger, const Entry& entry, TimePoint due) {
  const TaskSpec& spec = entry.definition->spec();
  RunRow run;
  run.task = entry.row.key;
  run.priority = spec.priority;
  run.queue = spec.queue;
  run.concurrency_key = spec.concurrency_key;
  run.ready_at = due;
  run.due_at = due;
  run.created_at = ledger.now();
  run.task_version = entry.row.version;
  return run;
}

std::shared_ptr<const RunRow> place_run(Ledger& ledger, Entry& entry, RunRow&& run, bool held) {
  run.state = held ? RunState::held : has_gate(entry, run) ? RunState::waiting : RunState::ready;
  run.delayed = run.state == RunState::ready && run.ready_at > ledger.now();
  const bool at_once =
      run.state == RunState::ready && !run.delayed && !is_to_fan_out(entry, run) && may_start_at_once(ledger, run);
  if (at_once) be_born_running(ledger, entry, run);
  if (!check(ledger.store().insert_run(run))) return nullptr;
  if (held) entry.none_held = false;

  TaskState& state = entry.row.state;
  state.running += at_once ? 1 : 0;
  state.last_run = run.id;
  ledger.book_live(entry, run, true);
  ledger.emit(Event::Type::run_created, entry, &run);
  if (run.state == RunState::ready) ledger.note_ready(run);
  if (run.state == RunState::waiting) ledger.recheck_gate(entry.row.key);
  auto placed = std::make_shared<const RunRow>(std::move(run));
  if (at_once) ledger.started(entry, placed);
  return placed;
}

std::shared_ptr<const RunRow> place_asked(Ledger& ledger, Entry& entry, RunRow&& run) {
  const Overlap overlap = entry.definition->spec().overlap;
  if (overlap == Overlap::cancel_previous) cancel_live(ledger, entry, "superseded");
  const bool held = overlap != Overlap::allow && entry.row.state.live > 0;
  return place_run(ledger, entry, std::move(run), held);  // never null: only a scheduled instant can be there already
}

void make_ready(Ledger& ledger, Entry& entry, RunRow& run, RunState from) {
  const bool to_gate = from == RunState::held && has_gate(entry, run);
  run.state = to_gate ? RunState::waiting : RunState::ready;
  run.ready_at = std::max(run.ready_at, run.due_at);
  run.delayed = run.state == RunState::ready && run.ready_at > ledger.now();
  check(ledger.store().change_run(run, from));
  if (to_gate) {
    ledger.recheck_gate(entry.row.key);
  } else {
    ledger.note_ready(run);
  }
}

std::optional<RunRow> first_held(Ledger& ledger, Entry& entry) {
  if (entry.none_held) return std::nullopt;
  auto held = check(ledger.store().live_runs(entry.row.key, RunState::held, 1));
  entry.none_held = held.empty();
  return held.empty() ? std::nullopt : std::optional(std::move(held.front()));
}

void release_held(Ledger& ledger, Entry& entry) {
  const TaskState& state = entry.row.state;
  if (state.live == 0 || state.running > 0) return;
  auto held = first_held(ledger, entry);
  if (!held) return;
  for (const RunState before : {RunState::ready, RunState::waiting}) {
    if (!check(ledger.store().live_runs(entry.row.key, before, 1)).empty()) return;
  }
  make_ready(ledger, entry, *held, RunState::held);
}

RunRow cancel_one(Ledger& ledger, Entry& entry, RunRow run, const std::string& reason) {
  if (is_settled(run.state)) return run;
  if (has_items(run)) return cancel_items(ledger, entry, run, reason);
  const RunState from = run.state;
  if (from == RunState::running) {
    if (run.cancel_requested) return run;
    run.cancel_requested = true;
    run.reason = reason;
    check(ledger.store().change_run(run, from));
    ledger.report().stops.push_back({run.id, run.fence, reason});
    return run;
  }
  cancel_unstarted(run, reason, ledger.now());
  // Since it was read, the end of one before it may have let it go; then it is no longer among those meant.
  if (!check(ledger.store().change_run(run, from))) return check(ledger.store().find_run(run.id)).value_or(run);
  ledger.ended_once(run);
  if (run.item_of != 0) {
    count_item(ledger, entry, run);
  } else {
    count_settled(ledger, entry, run);
    release_held(ledger, entry);
  }
  return run;
}

void cancel_live(Ledger& ledger, Entry& entry, const std::string& reason) {
  // Held ones first: else each cancellation would let the next one go.
  for (const RunState state : {RunState::held, RunState::waiting, RunState::ready}) {
    RunKey newest = 0;
    for (std::size_t limit = kRunsAtOnce;;) {
      auto runs = check(ledger.store().live_runs(entry.row.key, state, limit));
      const bool more = runs.size() == limit;
      const RunKey last = runs.empty() ? newest : runs.back().id;
      for (RunRow& run : runs) cancel_one(ledger, entry, std::move(run), reason);
      if (last == newest && !more) break;
      if (last == newest) limit *= 2;  // these wait for items that run
      newest = last;
    }
  }
  // Those that run stay so until they end, so there is no next batch of them to ask for: all at once.
  const auto running = static_cast<std::size_t>(entry.row.state.running);
  if (running == 0) return;
  for (RunRow& run : check(ledger.store().live_runs(entry.row.key, RunState::running, running))) {
    cancel_one(ledger, entry, std::move(run), reason);
  }
}

void count_settled(Ledger& ledger, Entry& entry, const RunRow& run) {
  TaskState& state = entry.row.state;
  if (run.id > state.last_settled) {
    state.last_settled = run.id;
    state.last_status = status_of(run.state);
  }
  if (run.state == RunState::completed) state.last_completed = std::max(state.last_completed, run.id);
  ledger.book_live(entry, run, false);
  ledger.emit(Event::Type::run_settled, entry, &run);
  ledger.upstream_moved(entry);
}

}  // namespace taskcore
