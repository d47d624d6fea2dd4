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
  bool awaits = false;      ///< It asked to wait for a signal.
  bool had_signal = false;  ///< It began with one.
};

class Stage {
 public:
  using Name = std::pair<RunKey, int>;  ///< A run and its attempt.

  /// False when this attempt was begun before.
  bool enter(Name name, int node, bool had_signal) {
    return parts_.try_emplace(name, Part{.node = node, .had_signal = had_signal}).second;
  }
  /// The executor has told its outcome, or dropped it.
  void leave(Name name, bool completed, bool snoozed, bool awaits = false) {
    Part& part = parts_.at(name);
    part.playing = false;
    part.completed = completed;
    part.snoozed = snoozed;
    part.awaits = awaits;
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
