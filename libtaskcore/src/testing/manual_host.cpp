#include "taskcore/testing/manual_host.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>

#include "engine/engine.hpp"
#include "taskcore/stores/memory.hpp"

namespace taskcore::testing {

struct ManualHost::Impl {
  explicit Impl(ManualHostOptions options) : clock(options.clock ? options.clock : std::make_shared<VirtualClock>()) {
    Options& scheduler_options = options.scheduler;
    scheduler_options.clock = clock;
    scheduler_options.store_inline = true;
    scheduler_options.function_threads = -1;
    if (!scheduler_options.random) scheduler_options.random = seeded_random(options.seed);
    scheduler = std::make_unique<Scheduler>(io.get_executor(), options.store ? std::move(options.store) : memory(),
                                            std::move(scheduler_options));
  }

  boost::asio::io_context io{1};
  std::shared_ptr<VirtualClock> clock;
  std::unique_ptr<Scheduler> scheduler{};
};

ManualHost::ManualHost(ManualHostOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {
  impl_->scheduler->set_pump([this] { return step(); });
}
ManualHost::~ManualHost() = default;

Scheduler& ManualHost::scheduler() noexcept { return *impl_->scheduler; }
VirtualClock& ManualHost::clock() noexcept { return *impl_->clock; }
boost::asio::any_io_executor ManualHost::get_executor() const noexcept { return impl_->io.get_executor(); }
Result<void> ManualHost::start() { return impl_->scheduler->start(); }

bool ManualHost::step() {
  impl_->io.restart();
  return impl_->io.poll_one() > 0;
}

std::size_t ManualHost::settle() {
  std::size_t count = 0;
  while (step()) ++count;
  return count;
}

void ManualHost::advance(Duration by) {
  settle();
  Duration left = by;
  for (;;) {
    const auto next = impl_->clock->next_timer();
    const Duration pace = next ? std::clamp(*next, Duration(0), left) : left;
    impl_->clock->advance(pace);
    left -= pace;
    const bool moved = settle() > 0;
    if (left.count() == 0 && !moved) return;
  }
}

}  // namespace taskcore::testing
