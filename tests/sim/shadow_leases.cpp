// Who may end an attempt: its own executor's word, or the loss of its node.
#include "sim/shadow.hpp"
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
  if (stage_.plays(name) && (!shared_ || lease_holds(before.node)))
    complain("an attempt that plays was declared lost", text(after));
  if (shared_ && before.node != node_ && lease_holds(before.node))
    complain("an attempt was declared lost while its node's lease holds", text(after));
}

void Shadow::check_end(const RunRow& before, const RunRow& after) {
  const bool over = after.state != RunState::running || after.fence != before.fence;
  if (!over) return;
  const bool same = after.fence == before.fence;
  if (same && after.attempt_status == AttemptStatus::lost) return check_loss(before, after);
  const Stage::Name name{before.id, before.attempt};
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
    if (run.state == RunState::running && !leases_.contains(run.node))
      complain("a run is held by a node that nobody knows", text(run));
  }
}

}  // namespace taskcore::sim
