// StoreGauges: see store_gauges.hpp.
#include "metrics/store_gauges.hpp"

#include <algorithm>
#include <new>

namespace taskd {

namespace {

std::shared_ptr<const StoreGauges::Values> count(const taskcore::Scheduler& scheduler) {
  const auto at = scheduler.options().clock->now();
  try {
    auto queues = scheduler.queues();
    auto stats = scheduler.stats();
    if (!queues || !stats) return nullptr;
    return std::make_shared<const StoreGauges::Values>(StoreGauges::Values{std::move(*queues), std::move(*stats), at});
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

}  // namespace

std::shared_ptr<const StoreGauges::Values> StoreGauges::get(const taskcore::Scheduler& scheduler) {
  const auto began = std::chrono::steady_clock::now();
  {
    const std::lock_guard lock(mutex_);
    if (is_counting_ || began < good_until_) return last_;
    is_counting_ = true;  // meanwhile the others take what there is
  }
  auto values = count(scheduler);
  const auto ended = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  is_counting_ = false;
  last_ = std::move(values);
  good_until_ = ended + std::max<std::chrono::steady_clock::duration>(age_, 20 * (ended - began));
  return last_;
}

}  // namespace taskd
