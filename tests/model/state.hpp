// The state of the model: what the store holds, what each node holds in memory, what was promised to users, and which
// faults there have been. Bytes only, so that equal states have equal bytes.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <type_traits>

namespace taskcore::model {

using Byte = std::uint8_t;

constexpr int kMaxRuns = 2;
constexpr int kMaxNodes = 3;
constexpr int kMaxNames = 8;
constexpr int kMaxWorks = 3;

/// A lease is counted in steps of the clock; 0: the node has none in the store.
constexpr Byte kNoLease = 0;
constexpr Byte kRunOut = 1;
constexpr Byte kLastMoment = 2;
constexpr Byte kFresh = 3;

/// Of a RunRow what the protocol looks at. `attempt_no` is RunRow::attempt; `ready_in` counts steps of the clock.
struct Row {
  Byte state;  ///< A RunState.
  Byte ready_in;
  Byte fence;
  Byte attempt_no;
  Byte retries;
  Byte losses;
  Byte owner;  ///< The name of the node + 1 while it runs, else 0.
  Byte cancel;

  bool operator==(const Row&) const = default;
};

struct Tables {
  std::array<Row, kMaxRuns> rows;
  std::array<Byte, kMaxNames> leases;

  bool operator==(const Tables&) const = default;
};

/// What the ledger believes to run here: Ledger::active_.
struct Held {
  Byte fence;  ///< 0: nothing.
  Byte cancel;
};

enum Phase : Byte { kNone, kClaimed, kWorking, kEnded };
enum Stop : Byte { kNotStopped, kCancelled, kShutdown };

/// An attempt in this process, from the report of its claim until its end is written or found to be too late.
struct Work {
  Byte phase;
  Byte run;
  Byte fence;
  Byte stop;    ///< The first reason to stop that it was given.
  Byte told;    ///< The report of a cancellation is on its way to it.
  Byte failed;  ///< How it ended.
  Byte left;    ///< The engine has let go of it, though it may still go on.
};

enum Mode : Byte { kDown, kUp, kStill };

struct Node {
  Byte mode;
  Byte name;
  Byte unsure;    ///< The outcome of a commit is not known: the next batch reconciles.
  Byte claiming;  ///< Not before the first beat, and not once a stop has begun.
  Byte stopping;
  Byte ending;  ///< The grace is over.
  Byte slots;   ///< In use, as Slots counts them.
  Byte reads;   ///< Has read the store for a transaction that is not yet committed.
  std::array<Held, kMaxRuns> held;
  std::array<Work, kMaxWorks> works;
};

/// What no node knows and the checks need.
struct Promised {
  std::array<Byte, kMaxRuns> begun;      ///< how often work began, up to 3; counted where it must not be repeated.
  std::array<Byte, kMaxRuns> ended_as;   ///< A RunState once an end was told; 0: none was.
  std::array<Byte, kMaxRuns> cancelled;  ///< A request was durable, or a user was told so.
};

struct Faults {
  Byte crashes;
  Byte stills;
  Byte unknowns;
  Byte stops;
};

struct State {
  Tables store;
  std::array<Tables, kMaxNodes> views;  ///< What each node has read, while `reads`.
  std::array<Node, kMaxNodes> nodes;
  Promised promised;
  Faults faults;
};
static_assert(std::has_unique_object_representations_v<State>);

/// A guard of the protocol that is left out, to see that the exploration notices.
enum class Break : Byte {
  none,
  settle_ignores_fence,
  settle_ignores_state,
  claim_ignores_state,
  claim_ignores_fence,
  work_before_claim_is_durable,
  end_told_before_durable,
  cancel_signalled_not_written,
  own_runs_declared_lost,
  living_declared_lost,
  only_listed_are_dead,
  nobody_takes_over,
  losses_keep_the_fence,
  reconcile_skipped,
  remote_cancel_not_passed_on,
  late_end_keeps_its_slot,
  cancel_keeps_the_slot,
  one_end_gives_two_slots,
  any_end_gives_the_slot,
};

/// What is explored: how many of everything, and which faults how often.
struct Setup {
  int nodes = 2;
  int runs = 1;
  int slots = 2;  ///< Of each node.
  Faults faults{};
  int max_retries = 1;
  int max_lost = 2;
  bool at_most_once = false;  ///< recovery: "fail".
  bool cancels = true;        ///< Users cancel.
  bool patient = false;       ///< Work ends only when it is told to.
  bool exclusive = false;     ///< One node at a time, which knows that the one before is dead: no leases.
  /// Transactions of several nodes overlap: what one has read may have changed when it writes, and only the conditions
  /// of its writes hold. Without, one comes after the other.
  bool overlap = false;
  /// What overlapping transactions need beyond the conditions that store.hpp states: the write of an end expects the
  /// `cancel_requested` that was read, and a cancellation whose write finds another row is not acknowledged.
  bool strict = false;
  Break broken = Break::none;
};

/// "a", "b", …; in its next life "a2".
inline std::string name_text(const Setup& setup, int name) {
  std::string out(1, static_cast<char>('a' + name % setup.nodes));
  if (name >= setup.nodes) out += std::to_string(name / setup.nodes + 1);
  return out;
}

}  // namespace taskcore::model
