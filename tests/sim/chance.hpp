// Dice for simulations: equal seeds throw equal numbers.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <vector>

#include "taskcore/random.hpp"
#include "taskcore/time.hpp"

namespace taskcore::sim {

class Chance {
 public:
  /// Streams of one seed are independent of each other, and so are seeds. The generator counts on from where it begins,
  /// so the beginnings are drawn: neighbours in a row of them would throw the same numbers one after another.
  Chance(std::uint64_t seed, std::uint64_t stream) : random_(seeded_random(seeded_random(seed)->next() + stream)) {}

  std::uint64_t draw() { return random_->next(); }
  std::uint64_t below(std::uint64_t end) { return draw() % end; }
  int between(int first, int last) {
    return first + static_cast<int>(below(static_cast<std::uint64_t>(last - first + 1)));
  }
  /// Never for 0.
  bool one_in(std::uint64_t many) { return many != 0 && below(many) == 0; }
  Duration ms(int first, int last) { return Duration(between(first, last)); }

  template <class T>
  T of(std::initializer_list<T> choices) {
    return *(choices.begin() + below(choices.size()));
  }
  template <class T>
  const T& pick(const std::vector<T>& choices) {
    return choices[below(choices.size())];
  }

 private:
  std::shared_ptr<Random> random_;
};

}  // namespace taskcore::sim
