// A node that is told to stop; faults and repairs; time.
#include <algorithm>

#include "model/steps.hpp"

namespace taskcore::model {

void Steps::begin_stop(int node) {
  if (from_.faults.stops >= setup_.faults.stops || at(node).claiming == 0) return;
  State next = from_;
  node_of(next, node).claiming = 0;
  node_of(next, node).stopping = 1;
  ++next.faults.stops;
  add(next, false, node, "is told to stop, and claims no more");
}

void Steps::end_grace(int node) {
  State next = from_;
  node_of(next, node).ending = 1;
  for (Work& work : node_of(next, node).works) {
    if (work.phase == kWorking && work.left == 0 && work.stop == kNotStopped) work.stop = kShutdown;
  }
  add(next, true, node, "asks its attempts to end: the grace is over");
}

void Steps::go_down(int node, bool helps, const char* why, const Faults& faults) {
  State next = from_;
  next.faults = faults;
  node_of(next, node) = {};
  next.views[static_cast<std::size_t>(node)] = {};
  add(next, helps, node, why);
}

void Steps::faults_and_repairs(int node) {
  const Node& me = at(node);
  if (me.mode == kDown) return restart(node);
  if (from_.faults.crashes < setup_.faults.crashes) {
    Faults faults = from_.faults;
    ++faults.crashes;
    go_down(node, false, "crashes", faults);
  }
  State next = from_;
  if (me.mode == kStill) {
    node_of(next, node).mode = kUp;
    add(next, nobody_up(), node, "goes on as if nothing had been");
  } else if (from_.faults.stills < setup_.faults.stills) {
    node_of(next, node).mode = kStill;
    ++next.faults.stills;
    add(next, false, node, "stands still");
  }
}

/// Under a name that nothing in the store speaks of.
void Steps::restart(int node) {
  State next = from_;
  Node& me = node_of(next, node);
  me.mode = kUp;
  int name = node;
  while (is_known(name)) name += setup_.nodes;
  me.name = static_cast<Byte>(name);
  add(next, nobody_up(), node, "starts");
}

bool Steps::is_known(int name) const {
  const auto speaks = [name](const Tables& tables) {
    return tables.leases.at(static_cast<std::size_t>(name)) != kNoLease ||
           std::any_of(tables.rows.begin(), tables.rows.end(),
                       [name](const Row& row) { return row.owner == name + 1; });
  };
  return speaks(from_.store) || std::any_of(from_.views.begin(), from_.views.end(), speaks);
}

/// A node that is well renews its lease in time.
void Steps::tick() {
  const auto is_late = [this](const Node& node) {
    return node.mode == kUp && !setup_.exclusive && from_.store.leases[node.name] != kFresh;
  };
  if (std::any_of(from_.nodes.begin(), from_.nodes.begin() + setup_.nodes, is_late)) return;
  State next = from_;
  for (Byte& lease : next.store.leases) lease = lease > kRunOut ? static_cast<Byte>(lease - 1) : lease;
  for (Row& row : next.store.rows) row.ready_in = row.ready_in > 0 ? static_cast<Byte>(row.ready_in - 1) : Byte{0};
  add(next, true, -1, "time passes");
}

}  // namespace taskcore::model
