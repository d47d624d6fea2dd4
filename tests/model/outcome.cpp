// What a node knows after a commit, or after one whose outcome it did not learn.
#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "model/batch.hpp"

namespace taskcore::model {

Work& free_place(Node& node) {
  for (Work& work : node.works) {
    if (work.phase == kNone) return work;
  }
  throw std::logic_error("the model has no room for so many attempts in one process");
}

void tidy(Node& node) {
  std::sort(node.works.begin(), node.works.end(), [](const Work& a, const Work& b) {
    return std::tuple(a.phase == kNone, a.run, a.fence, a.phase) <
           std::tuple(b.phase == kNone, b.run, b.fence, b.phase);
  });
}

void Batch::begin_claims() {
  for (const Key& claim : claims_) {
    Work& work = free_place(me_);
    work = {};
    work.phase = kClaimed;
    work.run = static_cast<Byte>(claim.run);
    work.fence = claim.fence;
  }
}

void Batch::tell_end(const Key& end) {
  if (end.told != 0) state_.promised.ended_as[static_cast<std::size_t>(end.run)] = end.told;
}

void Batch::committed() {
  // Ledger::committed
  for (const Key& claim : claims_) held(claim.run) = {claim.fence, stored(claim.run).cancel};
  for (const Key& stop : stops_) {
    if (held(stop.run).fence != 0) held(stop.run).cancel = 1;
  }
  for (const Key& end : ended_) {
    if (holds(end.run, end.fence)) held(end.run) = {};
  }
  me_.slots = slots_;
  me_.unsure = 0;
  // The attempts whose ends it was, then Engine::on_report
  const auto same = [](const Work& a, int run, Byte fence) {
    return a.phase != kNone && a.run == run && a.fence == fence;
  };
  for (Work& work : me_.works) {
    for (const Work& over : over_) {
      if (same(work, over.run, over.fence)) work = {};
    }
    for (const Key& end : ended_) {
      if (same(work, end.run, end.fence)) work.left = 1;
    }
  }
  begin_claims();
  for (Work& work : me_.works) {
    for (const Key& stop : stops_) {
      if (same(work, stop.run, stop.fence) && work.phase != kEnded && work.left == 0) work.told = 1;
    }
  }
  for (const Key& end : ended_) tell_end(end);
  for (const int run : cancelled_) state_.promised.cancelled[static_cast<std::size_t>(run)] = 1;
  tidy(me_);
}

void Batch::unsure() {
  me_.unsure = 1;
  if (setup_.broken == Break::work_before_claim_is_durable) begin_claims();
  if (setup_.broken == Break::end_told_before_durable) {
    for (const Key& end : ended_) tell_end(end);
    for (Work& work : me_.works) {
      for (const Work& over : over_) {
        if (work.phase != kNone && work.run == over.run && work.fence == over.fence) work = {};
      }
    }
  }
  tidy(me_);
}

}  // namespace taskcore::model
