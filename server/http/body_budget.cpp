// See body_budget.hpp.
#include "http/body_budget.hpp"

namespace taskd {

bool BodyBudget::take(std::size_t size) noexcept {
  std::size_t taken = taken_.load(std::memory_order_relaxed);
  do {
    if (size > most_ - taken) return false;
  } while (!taken_.compare_exchange_weak(taken, taken + size, std::memory_order_relaxed));
  return true;
}

BodyShare::~BodyShare() {
  if (budget_) budget_->give_back(size_);
}

bool BodyShare::grow(const std::shared_ptr<BodyBudget>& budget, std::size_t room) {
  if (room <= kFree || room + kReadBuffer <= size_) return true;
  const std::size_t more = room + kReadBuffer - size_;
  if (!budget->take(more)) return false;
  budget_ = budget;
  size_ += more;
  return true;
}

}  // namespace taskd
