// Leases, fences and settling as a model to be explored: all that two or three nodes, their users, the clock and the
// faults can do to a run, and what must hold whatever they do.
#pragma once

#include <string>
#include <vector>

#include "model/explore.hpp"
#include "model/state.hpp"

namespace taskcore::model {

class Protocol {
 public:
  using State = model::State;

  explicit Protocol(const Setup& setup) : setup_(setup) {}

  State start() const;
  std::vector<Step<State>> steps(const State& state, bool told) const;
  std::string broken(const State& state) const;
  bool done(const State& state) const;

 private:
  const Setup setup_;
};

}  // namespace taskcore::model
