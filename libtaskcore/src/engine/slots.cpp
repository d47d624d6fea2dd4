#include "engine/slots.hpp"

#include <algorithm>
#include <utility>

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

int Slots::free(std::string_view queue, std::optional<int> limit) const noexcept {
  if (alone_) return 0;
  int left = max_ - used_;
  if (limit) {
    const auto it = queues_.find(queue);
    left = std::min(left, *limit - (it != queues_.end() ? it->second : 0));
  }
  return std::max(left, 0);
}

void Slots::take(const RunRow& run) {
  ++used_;
  ++queues_[run.queue];
  if (!run.concurrency_key.empty()) ++keys_[run.concurrency_key];
  if (is_suspect(run)) alone_ = true;
}

void Slots::give(const RunRow& run) {
  if (--used_ == 0) alone_ = false;
  if (const auto it = queues_.find(run.queue); it != queues_.end()) --it->second;
  if (run.concurrency_key.empty()) return;
  const auto it = keys_.find(run.concurrency_key);
  if (it != keys_.end() && --it->second == 0) keys_.erase(it);
}

void Slots::clear() noexcept {
  used_ = 0;
  alone_ = false;
  suspect_ = 0;
  queues_.clear();
  keys_.clear();
}

int Slots::running_with_key(const std::string& key) const {
  const auto it = keys_.find(key);
  return it != keys_.end() ? it->second : 0;
}

Slots::Turns& Slots::turns(std::string_view queue) {
  const auto at = turns_.find(queue);
  return at != turns_.end() ? at->second : turns_[std::string(queue)];
}

std::array<int, 3> Slots::shares(std::string_view queue, int claims) {
  std::array<int, 3> out{};
  const int rounds = claims / kRound;
  out[static_cast<std::size_t>(Priority::high)] = rounds * 14;
  out[static_cast<std::size_t>(Priority::normal)] = rounds * 5;
  out[static_cast<std::size_t>(Priority::low)] = rounds;
  std::size_t& turn = turns(queue).priority;
  for (int i = claims % kRound; i > 0; --i) {
    ++out[static_cast<std::size_t>(kTurns[turn])];
    turn = (turn + 1) % kRound;
  }
  return out;
}

int Slots::share_without_key(std::string_view queue, Priority priority, int claims) {
  if (claims % 2 == 0) return claims / 2;
  bool& turn = turns(queue).without_key[static_cast<std::size_t>(priority)];
  turn = !turn;
  return claims / 2 + (turn ? 1 : 0);
}

std::string& Slots::place_in_ring(std::string_view queue, Priority priority) {
  return turns(queue).ring[static_cast<std::size_t>(priority)];
}

}  // namespace taskcore
