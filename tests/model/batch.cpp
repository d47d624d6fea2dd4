// The operations inside the transaction.
#include "model/batch.hpp"

#include <algorithm>

namespace taskcore::model {
namespace {

std::string number(int value) { return std::to_string(value); }
std::string run_text(int run) { return "run " + number(run + 1); }

}  // namespace

Batch::Batch(const Setup& setup, State& state, int node, bool told)
    : setup_(setup),
      state_(state),
      me_(state.nodes[static_cast<std::size_t>(node)]),
      told_(told),
      spec_(spec_of(setup)),
      seen_(setup.overlap ? state.views[static_cast<std::size_t>(node)] : state.store),
      slots_(me_.slots) {}

void Batch::say(const std::string& text) {
  if (!what_.empty()) what_ += ", ";
  what_ += text;
}

/// The first wrong thing counts.
void Batch::blame(const char* wrong) {
  if (violation_.empty()) violation_ = wrong;
}

void Batch::reconcile() {
  if (me_.unsure == 0 || setup_.broken == Break::reconcile_skipped) return;
  for (int run = 0; run < setup_.runs; ++run) {
    const Row& row = seen(run);
    if (state_of(row) != RunState::running || row.owner != me_.name + 1) continue;
    if (!holds(run, row.fence)) {
      settle_lost(run);
    } else if (row.cancel != 0 && held(run).cancel == 0) {
      stops_.push_back({run, row.fence});
    }
  }
}

void Batch::settle(const Work& work) {
  const int run = work.run;
  if (told_)
    say("settles " + run_text(run) + " under fence " + number(work.fence) + (work.failed != 0 ? " (failed)" : ""));
  over_.push_back(work);
  Row row = seen(run);
  if (setup_.exclusive && stops_.empty() && holds(run, work.fence)) {  // Ledger::held_unchanged
    row.state = static_cast<Byte>(RunState::running);
    row.fence = work.fence;
    row.cancel = held(run).cancel;
  }
  const bool runs = state_of(row) == RunState::running || setup_.broken == Break::settle_ignores_state;
  const bool is_its_own = row.fence == work.fence || setup_.broken == Break::settle_ignores_fence;
  if (!runs || !is_its_own) return let_go(work);

  AttemptEnd end;
  end.outcome = work.failed != 0 ? Outcome::failure("x", "no luck") : Outcome::success();
  if (work.stop == kCancelled) end.stopped = StopReason::cancelled;
  if (work.stop == kShutdown) end.stopped = StopReason::shutdown;
  const Byte fence_before = stored(run).fence;
  if (!write_end(run, row, end)) return let_go(work);
  if (fence_before != work.fence) blame("the end of one attempt was written over another");
}

/// The run has moved on; the attempt is over here all the same.
void Batch::let_go(const Work& work) {
  if (told_) say("which comes too late");
  ended_once(work.run, work.fence, setup_.broken != Break::late_end_keeps_its_slot);
}

bool Batch::write_end(int run, Row row, const AttemptEnd& end) {
  const bool cancel_read = row.cancel != 0;
  RunRow moved = unpack(setup_, row, run);
  end_attempt(moved, spec_, end, kNow, 0);
  const Row before = stored(run);
  if (setup_.strict && state_of(before) == RunState::running && before.fence == row.fence &&
      (before.cancel != 0) != cancel_read) {
    refused_ = true;
    return true;
  }
  if (!settle_run(setup_, state_.store, run, pack(setup_, moved), cancel_read)) return false;
  written(run, before);
  ended(run, row.fence, true);
  if (told_) say(run_text(run) + " is " + std::string(settled(stored(run)) ? "settled" : "ready again"));
  return true;
}

void Batch::settle_lost(int run) {
  const Row row = seen(run);
  for (const Work& work : me_.works) {
    if (work.phase != kNone && work.run == run && work.fence == row.fence)
      blame("a node declared lost what it runs itself");
  }
  const auto owner = static_cast<std::size_t>(row.owner - 1);
  if (!setup_.exclusive && row.owner != me_.name + 1 && seen_.leases[owner] >= kLastMoment)
    blame("a run was declared lost while its node's lease was in force");
  if (told_) say("declares " + run_text(run) + " of node " + name_text(setup_, row.owner - 1) + " lost");
  AttemptEnd end;
  end.lost = true;
  write_end(run, row, end);
}

void Batch::cancel(int run) {
  if (told_) say("is asked to cancel " + run_text(run));
  Row row = seen(run);
  if (settled(row)) return;
  cancelled_.push_back(run);
  const Row before = stored(run);
  bool done = true;
  if (state_of(row) == RunState::running) {
    if (row.cancel != 0) return;
    row.cancel = 1;
    const bool forgotten = setup_.broken == Break::cancel_signalled_not_written;
    done = forgotten || change_run(state_.store, run, row, RunState::running);
    stops_.push_back({run, row.fence});
    if (done && !forgotten) written(run, before);
  } else {
    RunRow moved = unpack(setup_, row, run);
    cancel_unstarted(moved, "cancelled", kNow);
    done = change_run(state_.store, run, pack(setup_, moved), state_of(row));
    if (done) written(run, before);
    ended_once(run, row.fence, setup_.broken != Break::cancel_keeps_the_slot);
    ended_.back().told = static_cast<Byte>(RunState::cancelled);
  }
  if (setup_.strict && !done) refused_ = true;
}

bool Batch::is_dead(int name) const {
  const Byte lease = seen_.leases[static_cast<std::size_t>(name)];
  if (setup_.broken == Break::nobody_takes_over) return false;
  if (setup_.broken == Break::living_declared_lost) return true;
  return lease == kRunOut || (lease == kNoLease && setup_.broken != Break::only_listed_are_dead);
}

void Batch::renew_and_reap() {
  if (told_) say("renews its lease");
  const bool late = is_dead(me_.name);
  for (int run = 0; run < setup_.runs; ++run) {
    const Row& row = seen(run);
    if (state_of(row) != RunState::running) continue;
    if (row.owner != me_.name + 1) {
      if (is_dead(row.owner - 1)) settle_lost(run);
    } else if (setup_.broken == Break::own_runs_declared_lost && late) {
      settle_lost(run);
    } else if (row.cancel != 0 && holds(run, row.fence) && held(run).cancel == 0 &&
               setup_.broken != Break::remote_cancel_not_passed_on) {
      stops_.push_back({run, row.fence});
    }
  }
  wrote_ = true;
  for (std::size_t name = 0; name < kMaxNames; ++name) {
    if (name == me_.name) state_.store.leases[name] = kFresh;
    if (name != me_.name && seen_.leases[name] == kRunOut) state_.store.leases[name] = kNoLease;
  }
}

void Batch::recover_all_others() {
  for (int run = 0; run < setup_.runs; ++run) {
    if (state_of(seen(run)) == RunState::running && seen(run).owner != me_.name + 1) settle_lost(run);
  }
}

void Batch::remove_own_node() {
  if (told_) say("takes itself off the list");
  state_.store.leases[me_.name] = kNoLease;
  wrote_ = true;
}

void Batch::claim_ready() {
  for (int run = 0; run < setup_.runs && me_.claiming != 0; ++run) {
    if (slots_ >= setup_.slots) return;
    if (state_of(seen(run)) == RunState::ready && seen(run).ready_in == 0) claim(run);
  }
}

void Batch::claim(int run) {
  RunRow moved = unpack(setup_, seen(run), run);
  begin_attempt(moved, name_text(setup_, me_.name), 1, kNow);
  if (setup_.broken == Break::losses_keep_the_fence && moved.losses > 0) moved.fence -= 1;
  const Row row = pack(setup_, moved);
  const Row before = stored(run);
  if (!start_run(setup_, state_.store, run, row)) return;
  if (told_) say("claims " + run_text(run) + " under fence " + number(row.fence));
  written(run, before);
  if (state_.promised.cancelled[static_cast<std::size_t>(run)] != 0)
    blame("a run was claimed again after its cancellation was promised");
  // Ledger::started: an earlier attempt may still be booked.
  if (held(run).fence != 0 && !has_left(run, held(run).fence)) --slots_;
  ++slots_;
  claims_.push_back({run, row.fence});
}

bool Batch::has_left(int run, Byte fence) const {
  return std::any_of(ended_.begin(), ended_.end(), [&](const Key& end) {
    return end.run == run && (end.fence == fence || setup_.broken == Break::any_end_gives_the_slot);
  });
}

/// The same where this batch may have booked that end already.
void Batch::ended_once(int run, Byte fence, bool gives_slot) {
  const bool again = setup_.broken == Break::one_end_gives_two_slots;
  ended(run, fence, gives_slot && (again || !has_left(run, fence)));
}

void Batch::ended(int run, Byte fence, bool gives_slot) {
  if (gives_slot && holds(run, fence)) --slots_;
  ended_.push_back({run, fence, settled(seen(run)) ? seen(run).state : Byte{0}});
}

void Batch::written(int run, const Row& before) {
  wrote_ = true;
  seen(run) = stored(run);
  if (settled(before) && !(stored(run) == before)) blame("a settled run has changed");
  if (stored(run).fence < before.fence) blame("a fence went back");
}

}  // namespace taskcore::model
