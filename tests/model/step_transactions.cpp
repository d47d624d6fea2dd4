// The transactions of a node: each alone and with claims, and with every outcome that its commit may have.
#include <algorithm>

#include "model/steps.hpp"

namespace taskcore::model {
namespace {

/// Engine::active_ has it.
bool is_attached(const Work& work) { return work.phase != kNone && work.left == 0; }

}  // namespace

template <class Op>
void Steps::transact(int node, const State& base, Op op) {
  transact(node, base, op, [](State&, Outcome) {});
}

/// The batch alone, and with the claims at its end: a node does not always know that there is something to claim.
template <class Op, class Then>
void Steps::transact(int node, const State& base, Op op, Then then) {
  for (const bool claims : {false, true}) {
    if (!one_outcome(node, base, op, then, claims, Outcome::known)) return;
    if (from_.faults.unknowns >= setup_.faults.unknowns) continue;
    one_outcome(node, base, op, then, claims, Outcome::written_unknown);
    one_outcome(node, base, op, then, claims, Outcome::lost_unknown);
  }
}

/// False when there was nothing to claim.
template <class Op, class Then>
bool Steps::one_outcome(int node, const State& base, Op op, Then then, bool claims, Outcome outcome) {
  State next = base;
  Batch batch(setup_, next, node, told_);
  batch.reconcile();
  op(batch);
  if (claims) batch.claim_ready();
  if (claims && !batch.claims()) return false;
  const bool known = outcome == Outcome::known;
  if (!known && !batch.wrote()) return true;
  std::string what = batch.what().empty() ? "looks for ready runs" : batch.what();
  if (batch.refused()) {
    if (!known) return true;
    next = base;
    what += ", but what it read has changed: it will try again";
  } else if (known) {
    batch.committed();
  } else {
    batch.unsure();
    next.faults.unknowns = static_cast<Byte>(next.faults.unknowns + 1);
    if (outcome == Outcome::lost_unknown) next.store = base.store;
    what += ", and does not learn the outcome: it was ";
    what += outcome == Outcome::lost_unknown ? "not written" : "written";
  }
  node_of(next, node).reads = 0;
  next.views[static_cast<std::size_t>(node)] = {};
  then(next, outcome);
  const bool happened = !batch.refused() && outcome != Outcome::lost_unknown;
  add(next, known, node, what, happened ? batch.violation() : std::string());
  return true;
}

void Steps::transactions(int node) {
  if (setup_.overlap && at(node).reads == 0) {
    State next = from_;
    node_of(next, node).reads = 1;
    next.views[static_cast<std::size_t>(node)] = from_.store;
    return add(next, true, node, "reads the store");
  }
  if (at(node).claiming == 0 && at(node).stopping == 0) return first_transaction(node);
  for (const Work& work : at(node).works) {
    if (work.phase == kEnded) settle(node, work);
  }
  transact(node, from_, [](Batch&) {});
  if (!setup_.exclusive) transact(node, from_, [](Batch& batch) { batch.renew_and_reap(); });
  const Tables& seen = setup_.overlap ? from_.views[static_cast<std::size_t>(node)] : from_.store;
  for (int run = 0; run < setup_.runs && setup_.cancels; ++run) {
    const Row& row = seen.rows[static_cast<std::size_t>(run)];
    if (row.cancel == 0 && !is_settled(static_cast<RunState>(row.state)))
      transact(node, from_, [run](Batch& batch) { batch.cancel(run); });
  }
}

/// Alone, and with a cancellation before it or behind it in the same batch.
void Steps::settle(int node, const Work& work) {
  transact(node, from_, [&](Batch& batch) { batch.settle(work); });
  if (!setup_.cancels) return;
  transact(node, from_, [&](Batch& batch) {
    batch.settle(work);
    batch.cancel(work.run);
  });
  transact(node, from_, [&](Batch& batch) {
    batch.cancel(work.run);
    batch.settle(work);
  });
}

/// Claims begin after the first beat, whatever came of it; after a recovery only when it has been written.
void Steps::first_transaction(int node) {
  State base = from_;
  if (!setup_.exclusive) {
    node_of(base, node).claiming = 1;
    return transact(node, base, [](Batch& batch) { batch.renew_and_reap(); });
  }
  transact(
      node, base, [](Batch& batch) { batch.recover_all_others(); },
      [node](State& next, Outcome outcome) {
        if (outcome == Outcome::known) node_of(next, node).claiming = 1;
      });
}

void Steps::stop_steps(int node) {
  const Node& me = at(node);
  if (me.stopping == 0) return begin_stop(node);
  const bool idle = std::none_of(me.works.begin(), me.works.end(), is_attached);
  if (!idle && me.ending == 0) return end_grace(node);
  if (!idle) return go_down(node, false, "does not wait any longer, and leaves its runs behind", from_.faults);
  if (setup_.exclusive) return go_down(node, true, "has stopped", from_.faults);
  if (setup_.overlap && me.reads == 0) return;
  transact(
      node, from_, [](Batch& batch) { batch.remove_own_node(); },
      [node](State& next, Outcome) { node_of(next, node) = {}; });
}

}  // namespace taskcore::model
