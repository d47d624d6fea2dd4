#include "engine/lease_keeper.hpp"

#include "engine/settle.hpp"

namespace taskcore {
namespace {

/// Renews this node's lease, learns what others did, and recovers the runs of nodes that are not known to live. A node
/// may hold runs and not be on the list, struck off while it stood still; so it is the living that are looked up, not
/// the dead.
void renew_and_reap(Ledger& ledger, Duration lease) {
  check(ledger.store().put_node({ledger.node().str(), ledger.now() + lease}));
  ledger.heed_others();
  ledger.look_again();  // for what others stored, and may not live to attend to
  std::set<std::string, std::less<>> living;
  std::set<std::string, std::less<>> dead;
  for (const NodeRow& node : check(ledger.store().nodes())) {
    (node.lease_until < ledger.now() ? dead : living).insert(node.node);
  }
  RunKey after = 0;
  do {
    after = recover_some(ledger, after, living);
  } while (after != 0);
  for (const std::string& node : dead) check(ledger.store().remove_node(node));
  ledger.report().counts.lost_leases += dead.size();
}

}  // namespace

LeaseKeeper::LeaseKeeper(StoreLane& lane, std::shared_ptr<Clock> clock, boost::asio::any_io_executor strand,
                         Duration lease)
    : lane_(lane), strand_(strand), timer_(clock->make_timer(strand)), lease_(lease) {}

void LeaseKeeper::start() {
  running_ = true;
  beat();
}

void LeaseKeeper::stop() {
  running_ = false;
  timer_.reset();
}

void LeaseKeeper::beat() {
  timer_->arm_after(lease_ / 3, [this] { beat(); });
  lane_.call<void>(
      [lease = lease_](Ledger& ledger) -> Result<void> {
        renew_and_reap(ledger, lease);
        return {};
      },
      [](Result<void>) {}, true);  // a failed beat is repeated by the next one
}

}  // namespace taskcore
