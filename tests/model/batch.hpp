// One transaction of one node: what the operations of engine/{settle,claim,place,lease_keeper,ledger}.cpp do to the
// model's store, by the engine's own decisions (engine/transitions), and what the node's memory becomes after it.
#pragma once

#include <string>
#include <vector>

#include "engine/transitions.hpp"
#include "model/rows.hpp"

namespace taskcore::model {

class Batch {
 public:
  /// Writes to `state.store`; the rest of `state` moves only when the outcome is learned.
  Batch(const Setup& setup, State& state, int node, bool told);

  // The operations, by the engine's names.
  void reconcile();
  void settle(const Work& work);
  void cancel(int run);
  void renew_and_reap();
  void recover_all_others();
  void remove_own_node();
  void claim_ready();

  void committed();  ///< Moves the node's memory as the report of the commit does.
  void unsure();     ///< The same when nobody knows whether it was written.

  bool refused() const { return refused_; }  ///< Rolled back, and made again from what is read then.
  bool claims() const { return !claims_.empty(); }
  bool wrote() const { return wrote_; }
  const std::string& violation() const { return violation_; }
  const std::string& what() const { return what_; }

 private:
  struct Key {
    int run = 0;
    Byte fence = 0;
    Byte told = 0;  ///< The end that is told: a RunState, or 0 when the run goes on.
  };

  void say(const std::string& text);
  void blame(const char* wrong);
  Row& seen(int run) { return seen_.rows[static_cast<std::size_t>(run)]; }
  Row& stored(int run) { return state_.store.rows[static_cast<std::size_t>(run)]; }
  Held& held(int run) { return me_.held[static_cast<std::size_t>(run)]; }
  bool holds(int run, Byte fence) { return fence != 0 && held(run).fence == fence; }  ///< Ledger::held
  bool is_dead(int name) const;
  bool has_left(int run, Byte fence) const;

  bool write_end(int run, Row row, const AttemptEnd& end);
  void let_go(const Work& work);
  void settle_lost(int run);
  void ended(int run, Byte fence, bool gives_slot);
  void ended_once(int run, Byte fence, bool gives_slot);
  void written(int run, const Row& before);
  void claim(int run);
  void begin_claims();
  void tell_end(const Key& end);

  const Setup& setup_;
  State& state_;
  Node& me_;
  const bool told_;
  const TaskSpec spec_;
  Tables seen_;  // what this transaction reads: the store as it was then, and its own writes
  Byte slots_;
  std::vector<Key> claims_{};
  std::vector<Key> stops_{};
  std::vector<Key> ended_{};
  std::vector<Work> over_{};
  std::vector<int> cancelled_{};  // what users are told to be
  bool refused_ = false;
  bool wrote_ = false;
  std::string violation_{};
  std::string what_{};
};

/// A place for another attempt.
Work& free_place(Node& node);
/// Puts the attempts in order, so that equal memories are equal bytes.
void tidy(Node& node);

}  // namespace taskcore::model
