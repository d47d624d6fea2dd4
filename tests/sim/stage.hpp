// Who plays: every attempt that was ever begun, on which node, and how it ended there. It outlives processes.
#pragma once

#include <map>
#include <utility>

#include "taskcore/store.hpp"

namespace taskcore::sim {

struct Part {
  int node = 0;
  bool playing = true;     ///< Its executor still has it.
  bool completed = false;  ///< What the executor said of it, once it does not play.
  bool snoozed = false;
};

class Stage {
 public:
  using Name = std::pair<RunKey, int>;  ///< A run and its attempt.

  /// False when this attempt was begun before.
  bool enter(Name name, int node) { return parts_.try_emplace(name, Part{node}).second; }
  /// The executor has told its outcome, or dropped it.
  void leave(Name name, bool completed, bool snoozed) {
    Part& part = parts_.at(name);
    part.playing = false;
    part.completed = completed;
    part.snoozed = snoozed;
  }
  const Part* find(Name name) const {
    const auto it = parts_.find(name);
    return it == parts_.end() ? nullptr : &it->second;
  }
  bool plays(Name name) const {
    const Part* part = find(name);
    return part != nullptr && part->playing;
  }
  /// The parts of one run, by attempt.
  auto begin_of(RunKey run) const { return parts_.lower_bound({run, 0}); }
  auto end_of(RunKey run) const { return parts_.lower_bound({run + 1, 0}); }
  std::size_t size() const noexcept { return parts_.size(); }

 private:
  std::map<Name, Part> parts_{};
};

}  // namespace taskcore::sim
