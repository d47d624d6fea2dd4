// All that can happen next in a state of the model.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/batch.hpp"
#include "model/explore.hpp"

namespace taskcore::model {

enum class Outcome { known, written_unknown, lost_unknown };

class Steps {
 public:
  Steps(const Setup& setup, const State& from, bool told) : setup_(setup), from_(from), told_(told) {}

  std::vector<Step<State>> all();

 private:
  const Node& at(int node) const { return from_.nodes[static_cast<std::size_t>(node)]; }
  static Node& node_of(State& state, int node) { return state.nodes[static_cast<std::size_t>(node)]; }
  bool nobody_up() const;
  void add(State next, bool helps, int node, const std::string& what, std::string violation = {});
  int name_in(const State& next, int node) const;

  // What goes on in one process.
  void work_steps(int node, std::size_t index);
  bool is_first_claim(int node, const Work& work) const;
  void begin(int node, std::size_t index);
  void end_work(int node, std::size_t index, bool failed);

  // Its transactions.
  void transactions(int node);
  void settle(int node, const Work& work);
  void first_transaction(int node);
  template <class Op>
  void transact(int node, const State& base, Op op);
  template <class Op, class Then>
  void transact(int node, const State& base, Op op, Then then);
  template <class Op, class Then>
  bool one_outcome(int node, const State& base, Op op, Then then, bool claims, Outcome outcome);

  // Its stop.
  void stop_steps(int node);
  void begin_stop(int node);
  void end_grace(int node);
  void go_down(int node, bool helps, const char* why, const Faults& faults);

  // Faults, repairs, time.
  void faults_and_repairs(int node);
  void restart(int node);
  bool is_known(int name) const;
  void tick();

  const Setup& setup_;
  const State& from_;
  const bool told_;
  std::vector<Step<State>> out_{};
};

}  // namespace taskcore::model
