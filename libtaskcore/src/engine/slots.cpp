#include "engine/slots.hpp"

#include <algorithm>

namespace taskcore {
namespace {

// One round of 20 claims, spread out so that a short round is fair too.
constexpr int kRound = 20;
constexpr std::array<Priority, kRound> kTurns = [] {
  std::array<Priority, kRound> turns{};
  turns.fill(Priority::high);
  for (int i = 3; i < kRound; i += 4) turns[static_cast<std::size_t>(i)] = Priority::normal;
  turns[10] = Priority::low;
  return turns;
}();

}  // namespace

Slots::Slots(int max_concurrent, const std::map<std::string, int>& queue_limits) : max_(max_concurrent) {
  for (const auto& [name, limit] : queue_limits) queues_[name].limit = limit;
}

int Slots::free(std::string_view queue) const noexcept {
  if (alone_) return 0;
  int left = max_ - used_;
  if (const auto it = queues_.find(queue); it != queues_.end())
    left = std::min(left, it->second.limit - it->second.used);
  return std::max(left, 0);
}

void Slots::take(std::string_view queue) {
  ++used_;
  if (const auto it = queues_.find(queue); it != queues_.end()) ++it->second.used;
}

void Slots::give(std::string_view queue) {
  if (--used_ == 0) alone_ = false;
  if (const auto it = queues_.find(queue); it != queues_.end()) --it->second.used;
}

std::array<int, 3> Slots::shares(std::string_view queue, int claims) {
  std::array<int, 3> out{};
  const int rounds = claims / kRound;
  out[static_cast<std::size_t>(Priority::high)] = rounds * 14;
  out[static_cast<std::size_t>(Priority::normal)] = rounds * 5;
  out[static_cast<std::size_t>(Priority::low)] = rounds;
  auto at = turns_.find(queue);
  if (at == turns_.end()) at = turns_.emplace(queue, 0).first;
  std::size_t& turn = at->second;
  for (int i = claims % kRound; i > 0; --i) {
    ++out[static_cast<std::size_t>(kTurns[turn])];
    turn = (turn + 1) % kRound;
  }
  return out;
}

}  // namespace taskcore
