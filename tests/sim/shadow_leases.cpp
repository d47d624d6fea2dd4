// Who may begin an attempt and who may end it: its own executor's word, or the loss of its node.
#include "sim/shadow.hpp"
#include "sim/verdict.hpp"
#include "store/subject.hpp"

namespace taskcore::sim {

using store_test::text;

bool Shadow::lease_holds(const std::string& node) const {
  const auto it = leases_.find(node);
  return it != leases_.end() && it->second >= at_;
}

/// Of a node that is alive only what it never began may be lost; on a shared store also what it began, once its lease
/// has run out.
void Shadow::check_loss(const RunRow& before, const RunRow& after) {
  const Stage::Name name{before.id, before.attempt};
  lost_.insert(name);
  if (stage_.plays(name) && (!shared_ || lease_holds(before.node.str())))
    complain("an attempt that plays was declared lost", text(after));
  if (shared_ && before.node.str() != node_ && lease_holds(before.node.str()))
    complain("an attempt was declared lost while its node's lease holds", text(after));
}

void Shadow::check_claim(const RunRow& after) {
  if (shared_ && after.node != node_) complain("a run was claimed for another node", text(after));
  // One that was begun and asked to stop in the same commit is told to stop as soon as it plays.
  if (tasks_.at(after.task).deleted && !after.cancel_requested)
    complain("an attempt of a deleted task began", text(after));
  if (after.task_version != tasks_.at(after.task).version && !edited_.contains(after.task))
    complain("an attempt reads an old version of its task", text(after));
}

/// A signal is there until the run ends, or an attempt that began with it asks for the next.
void Shadow::check_signal(const RunRow& before, const RunRow& after) {
  if (before.signal_value.empty() || is_settled(after.state) || after.signal_value == before.signal_value) return;
  const Part* part = stage_.find({before.id, before.attempt});
  const bool used_up = before.state == RunState::running && part != nullptr && part->had_signal && part->awaits;
  if (!used_up) complain("a signal was lost", text(after));
}

void Shadow::check_end(const RunRow& before, const RunRow& after) {
  const bool over = after.state != RunState::running || after.fence != before.fence;
  if (!over) return;
  const bool same = after.fence == before.fence;
  const Stage::Name name{before.id, before.attempt};
  if (same && !edited_.contains(after.task) && !tasks_.at(after.task).deleted)
    complain(check_verdict(before, after, allowances_.at(after.task).spec, stage_.find(name), at_), text(after));
  if (same && after.attempt_status == AttemptStatus::lost) return check_loss(before, after);
  if (stage_.plays(name)) complain("an attempt was ended while it plays", text(after));
  if (shared_ && before.node != node_) complain("another node ended an attempt", text(after));
  if (!same || after.state != RunState::completed) return;
  const Part* part = stage_.find(name);
  if (part == nullptr || !part->completed || after.result != std::to_string(before.attempt))
    complain("a run completed by another attempt's word", text(after));
}

void Shadow::check_leases(const Touched& touched) {
  for (const auto& [node, until] : touched.leases) {
    if (until && *until != at_ + options_.lease) complain("a lease of another length", node);
    until ? void(leases_[node] = *until) : void(leases_.erase(node));
  }
  for (const RunKey id : live_) {
    const RunRow& run = runs_.at(id);
    if (run.state == RunState::running && !leases_.contains(run.node.str()))
      complain("a run is held by a node that nobody knows", text(run));
  }
}

}  // namespace taskcore::sim
