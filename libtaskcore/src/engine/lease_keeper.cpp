#include "engine/lease_keeper.hpp"

#include "engine/settle.hpp"

namespace taskcore {
namespace {

/// Renews this node's lease, learns what others did, and recovers the runs of nodes whose lease has run out.
void renew_and_reap(Ledger& ledger, Duration lease) {
  check(ledger.store().put_node({ledger.node().str(), ledger.now() + lease}));
  ledger.heed_others();
  ledger.look_again();  // for what others stored, and may not live to attend to
  std::set<std::string> dead;
  for (const NodeRow& node : check(ledger.store().nodes())) {
    if (node.node != ledger.node() && node.lease_until < ledger.now()) dead.insert(node.node);
  }
  if (dead.empty()) return;
  RunKey after = 0;
  do {
    after = recover_some(ledger, after, dead, false);
  } while (after != 0);
  for (const std::string& node : dead) check(ledger.store().remove_node(node));
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
