// Breadth-first exploration of all that a model can do. Equal states are one state, so the first way to a bad one is a
// shortest one. Knows nothing of what is explored.
//
// A model has a `State` whose bytes are its value, and
//   State start() const
//   std::vector<Step<State>> steps(const State&, bool told) const   (`told`: with texts for the eye)
//   std::string broken(const State&) const                          (what is wrong with it; empty: nothing)
//   bool done(const State&) const                                   (what every state must be able to come to)
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace taskcore::model {

template <class State>
struct Step {
  State next{};
  bool helps = true;        ///< May be counted on to come to the end: no fault.
  std::string what{};       ///< For the eye.
  std::string violation{};  ///< What is wrong with taking it; empty: nothing.
};

struct Found {
  std::size_t states = 0;
  std::size_t transitions = 0;
  std::size_t depth = 0;
  bool complete = false;             ///< All states have been seen, and each can come to the end.
  std::string violation{};           ///< The first one.
  std::vector<std::string> trace{};  ///< The steps that lead to it.

  std::string text() const {
    std::string out = std::to_string(states) + " states, " + std::to_string(transitions) + " transitions, depth " +
                      std::to_string(depth) + "\n";
    for (std::size_t i = 0; i < trace.size(); ++i) out += "  " + std::to_string(i + 1) + ". " + trace[i] + "\n";
    if (!violation.empty()) out += "  => " + violation + "\n";
    return out;
  }
};

/// Each state once, numbered as it was found. Open addressing over the numbers: a node for each would double the
/// memory.
template <class State>
class StateSet {
  static_assert(std::has_unique_object_representations_v<State>);

 public:
  /// Its number, and whether it is new.
  std::pair<std::uint32_t, bool> add(const State& state) {
    if ((states_.size() + 1) * 2 > table_.size()) grow();
    std::size_t at = place_of(state);
    for (; table_[at] != 0; at = (at + 1) & (table_.size() - 1)) {
      if (same(states_[table_[at] - 1], state)) return {table_[at] - 1, false};
    }
    states_.push_back(state);
    table_[at] = static_cast<std::uint32_t>(states_.size());
    return {table_[at] - 1, true};
  }
  const State& operator[](std::uint32_t number) const { return states_[number]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(states_.size()); }

 private:
  static bool same(const State& a, const State& b) { return std::memcmp(&a, &b, sizeof(State)) == 0; }
  std::size_t place_of(const State& state) const {
    const auto* bytes = reinterpret_cast<const unsigned char*>(&state);
    std::uint64_t hash = 0xcbf29ce484222325;
    for (std::size_t i = 0; i < sizeof(State); ++i) hash = (hash ^ bytes[i]) * 0x100000001b3;
    return static_cast<std::size_t>(hash ^ (hash >> 29)) & (table_.size() - 1);
  }
  void grow() {
    table_.assign(table_.empty() ? 1024 : table_.size() * 2, 0);
    for (std::uint32_t i = 0; i < states_.size(); ++i) {
      std::size_t at = place_of(states_[i]);
      while (table_[at] != 0) at = (at + 1) & (table_.size() - 1);
      table_[at] = i + 1;
    }
  }

  std::vector<State> states_{};
  std::vector<std::uint32_t> table_{};  // number + 1; 0: free
};

template <class Model>
class Explorer {
 public:
  using State = typename Model::State;

  explicit Explorer(const Model& model) : model_(model) {}

  Found run() {
    arrive(model_.start(), {});
    for (std::uint32_t from = 0; from < seen_.size() && found_.violation.empty(); ++from) expand(from);
    found_.states = seen_.size();
    if (!found_.violation.empty()) return std::move(found_);
    find_dead_end();
    found_.complete = found_.violation.empty();
    return std::move(found_);
  }

 private:
  struct Origin {
    std::uint32_t from = 0;
    std::uint32_t step = 0;
    std::uint32_t depth = 0;
  };

  /// Its number, or the number of none when it is broken.
  std::uint32_t arrive(const State& state, Origin origin) {
    const auto [number, is_new] = seen_.add(state);
    if (!is_new) return number;
    origins_.push_back(origin);
    found_.depth = origin.depth;
    if (std::string wrong = model_.broken(state); !wrong.empty()) blame(number, std::move(wrong));
    return number;
  }

  void expand(std::uint32_t from) {
    const State state = seen_[from];  // a copy: the set grows meanwhile
    const auto steps = model_.steps(state, false);
    const std::uint32_t depth = origins_[from].depth + 1;
    for (std::uint32_t i = 0; i < steps.size() && found_.violation.empty(); ++i) {
      ++found_.transitions;
      if (!steps[i].violation.empty()) {
        blame(from, steps[i].violation);
        found_.trace.push_back(model_.steps(state, true)[i].what);
        return;
      }
      const std::uint32_t to = arrive(steps[i].next, {from, i, depth});
      if (steps[i].helps && to != from) edges_.push_back({from, to});
    }
  }

  void blame(std::uint32_t state, std::string wrong) {
    found_.violation = std::move(wrong);
    std::vector<Origin> way;
    for (; state != 0; state = origins_[state].from) way.push_back(origins_[state]);
    for (auto it = way.rbegin(); it != way.rend(); ++it) {
      found_.trace.push_back(model_.steps(seen_[it->from], true)[it->step].what);
    }
  }

  /// Backwards from the ends, along the steps that help.
  void find_dead_end() {
    const std::uint32_t count = seen_.size();
    std::vector<std::uint32_t> first(count + 1, 0);
    for (const Edge& edge : edges_) ++first[edge.to + 1];
    for (std::uint32_t i = 0; i < count; ++i) first[i + 1] += first[i];
    std::vector<std::uint32_t> sources(edges_.size());
    auto next = first;
    for (const Edge& edge : edges_) sources[next[edge.to]++] = edge.from;

    std::vector<bool> ends(count, false);
    std::vector<std::uint32_t> unvisited;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!model_.done(seen_[i])) continue;
      ends[i] = true;
      unvisited.push_back(i);
    }
    while (!unvisited.empty()) {
      const std::uint32_t to = unvisited.back();
      unvisited.pop_back();
      for (std::uint32_t i = first[to]; i < first[to + 1]; ++i) {
        if (ends[sources[i]]) continue;
        ends[sources[i]] = true;
        unvisited.push_back(sources[i]);
      }
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!ends[i]) return blame(i, "from here nothing leads to the end of all runs");
    }
  }

  struct Edge {
    std::uint32_t from;
    std::uint32_t to;
  };

  const Model& model_;
  StateSet<State> seen_{};
  std::vector<Origin> origins_{};
  std::vector<Edge> edges_{};
  Found found_{};
};

template <class Model>
Found explore(const Model& model) {
  return Explorer<Model>(model).run();
}

}  // namespace taskcore::model
