// The start, and what must hold in each state.
#include "model/protocol.hpp"

#include "model/rows.hpp"
#include "model/steps.hpp"

namespace taskcore::model {
namespace {

bool share_a_fence(const State& state) {
  std::vector<const Work*> all;
  for (const Node& node : state.nodes) {
    for (const Work& work : node.works) {
      if (work.phase == kNone) continue;
      for (const Work* other : all) {
        if (other->run == work.run && other->fence == work.fence) return true;
      }
      all.push_back(&work);
    }
  }
  return false;
}

bool miscounts_slots(const Node& node) {
  int booked = 0;
  for (const Held& held : node.held) booked += held.fence != 0 ? 1 : 0;
  return node.slots != booked;
}

/// A node that stood still can lose a run twice: what it took before it said that it lives again is lost as well.
bool counts_too_much(const Setup& setup, const Row& row, const Faults& faults) {
  const int most_losses = faults.crashes + 2 * faults.stills + faults.unknowns + faults.stops;
  return row.losses > most_losses || row.losses > setup.max_lost || row.retries > setup.max_retries + 1 ||
         row.attempt_no > row.retries + row.losses + faults.stops + 1;
}

}  // namespace

State Protocol::start() const {
  State state{};
  for (int i = 0; i < setup_.nodes; ++i) {
    Node& node = state.nodes[static_cast<std::size_t>(i)];
    node.mode = kUp;
    node.name = static_cast<Byte>(i);
    node.claiming = 1;
    if (!setup_.exclusive) state.store.leases[node.name] = kFresh;
  }
  return state;
}

std::vector<Step<State>> Protocol::steps(const State& state, bool told) const {
  return Steps(setup_, state, told).all();
}

std::string Protocol::broken(const State& state) const {
  if (share_a_fence(state)) return "two attempts hold the same fence";
  for (const Node& node : state.nodes) {
    if (miscounts_slots(node)) return "a node counts other slots in use than it holds attempts";
  }
  for (std::size_t run = 0; run < static_cast<std::size_t>(setup_.runs); ++run) {
    const Row& row = state.store.rows[run];
    const Promised& promised = state.promised;
    if (promised.ended_as[run] != 0 && promised.ended_as[run] != row.state)
      return "the end of a run was told, and the store has another";
    if (setup_.at_most_once && promised.begun[run] > row.retries + 1)
      return "the work of a run that is not to be repeated began twice";
    if (counts_too_much(setup_, row, state.faults)) return "a run counts more attempts or losses than there were";
  }
  return {};
}

bool Protocol::done(const State& state) const {
  for (std::size_t run = 0; run < static_cast<std::size_t>(setup_.runs); ++run) {
    if (!settled(state.store.rows[run])) return false;
  }
  return true;
}

}  // namespace taskcore::model
