#include "model/steps.hpp"

#include <algorithm>
#include <cstring>

namespace taskcore::model {

std::vector<Step<State>> Steps::all() {
  for (int node = 0; node < setup_.nodes; ++node) {
    if (at(node).mode == kUp) {
      for (std::size_t work = 0; work < kMaxWorks; ++work) work_steps(node, work);
      transactions(node);
      stop_steps(node);
    }
    faults_and_repairs(node);
  }
  tick();
  return std::move(out_);
}

bool Steps::nobody_up() const {
  return std::none_of(from_.nodes.begin(), from_.nodes.end(), [](const Node& node) { return node.mode == kUp; });
}

/// What changes nothing is no step.
void Steps::add(State next, bool helps, int node, const std::string& what, std::string violation) {
  if (violation.empty() && std::memcmp(&next, &from_, sizeof(State)) == 0) return;
  for (std::size_t run = 0; run < kMaxRuns; ++run) {
    if (next.store.rows[run].cancel != 0) next.promised.cancelled[run] = 1;
  }
  std::string text;
  if (told_) text = node < 0 ? what : "node " + name_text(setup_, name_in(next, node)) + " " + what;
  out_.push_back({std::move(next), helps, std::move(text), std::move(violation)});
}

/// The name that it has now, or, when it begins, will have.
int Steps::name_in(const State& next, int node) const {
  return at(node).mode == kDown ? next.nodes[static_cast<std::size_t>(node)].name : at(node).name;
}

void Steps::work_steps(int node, std::size_t index) {
  const Work work = at(node).works[index];
  if (work.phase == kClaimed && is_first_claim(node, work)) begin(node, index);
  if (work.phase != kWorking) return;
  if (work.told != 0) {
    State next = from_;
    Work& moved = node_of(next, node).works[index];
    moved.told = 0;
    if (moved.stop == kNotStopped) moved.stop = kCancelled;
    add(next, true, node, "signals the cancellation to the attempt under fence " + std::to_string(work.fence));
  }
  if (!setup_.patient) end_work(node, index, false);
  if (!setup_.patient || work.stop != kNotStopped) end_work(node, index, true);
}

bool Steps::is_first_claim(int node, const Work& work) const {
  return std::none_of(at(node).works.begin(), at(node).works.end(), [&](const Work& other) {
    return other.phase == kClaimed && other.run == work.run && other.fence < work.fence;
  });
}

void Steps::begin(int node, std::size_t index) {
  State next = from_;
  Node& me = node_of(next, node);
  for (Work& other : me.works) {  // Engine::leave
    if (other.run == me.works[index].run && other.fence < me.works[index].fence && other.phase != kNone) other.left = 1;
  }
  Work& work = me.works[index];
  work.phase = kWorking;
  if (me.ending != 0) {
    work.phase = kEnded;
    work.stop = kShutdown;
    work.failed = 1;
    work.told = 0;
  } else if (setup_.at_most_once) {
    Byte& begun = next.promised.begun[work.run];
    begun = std::min<Byte>(static_cast<Byte>(begun + 1), 3);
  }
  const std::string text =
      "begins the work of run " + std::to_string(work.run + 1) + " under fence " + std::to_string(work.fence);
  tidy(me);
  add(next, true, node, text);
}

void Steps::end_work(int node, std::size_t index, bool failed) {
  State next = from_;
  Work& work = node_of(next, node).works[index];
  work.phase = kEnded;
  work.failed = failed ? 1 : 0;
  work.told = 0;
  const std::string text =
      "sees the attempt under fence " + std::to_string(work.fence) + (failed ? " fail" : " complete");
  tidy(node_of(next, node));
  add(next, true, node, text);
}

}  // namespace taskcore::model
