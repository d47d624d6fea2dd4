// The clock that stands still. Armed timers lie in two queues, one for each kind of time, until the clock is moved past
// them.
#include "taskcore/testing/virtual_clock.hpp"

#include <boost/asio/post.hpp>
#include <cstdint>
#include <limits>
#include <map>
#include <mutex>
#include <tuple>
#include <utility>

namespace taskcore::testing {

namespace asio = boost::asio;

namespace {

struct Armed;

/// When a timer is due, in its kind of time; equal ones go in the order in which they were armed.
using Due = std::pair<Duration, std::uint64_t>;
using Queue = std::map<Due, std::shared_ptr<Armed>>;

constexpr std::int64_t kMillion = 1'000'000;

enum class Kind { wall, delay };

/// One timer; guarded by the clock's mutex.
struct Armed {
  explicit Armed(asio::any_io_executor on) : executor(std::move(on)) {}
  asio::any_io_executor executor;
  std::uint64_t number = 0;  ///< Of its newest arming; 0: disarmed. What was posted for an older one is void.
  Queue* queue = nullptr;    ///< Where it lies, if anywhere, and as what.
  Due due{};
  std::function<void()> fire{};
};

}  // namespace

struct VirtualClock::State : std::enable_shared_from_this<State> {
  explicit State(TimePoint start) : wall(start.time_since_epoch()) {}

  /// `at` is an instant of the wall clock, or a delay from now on.
  void arm(const std::shared_ptr<Armed>& timer, Kind kind, Duration at, std::function<void()> fire) {
    disarm(*timer);
    const std::lock_guard lock(mutex);
    timer->fire = std::move(fire);
    timer->number = ++armings;
    if (at <= (kind == Kind::wall ? wall : Duration::zero())) {
      post(timer);
      return;
    }
    timer->queue = kind == Kind::wall ? &wall_queue : &delay_queue;
    timer->due = Due(kind == Kind::wall ? at : elapsed + at, timer->number);
    timer->queue->emplace(timer->due, timer);
  }

  /// How far the wall clock moves while the monotonic one moves by `by`; what is left over counts the next time.
  Duration wall_steps(Duration by) {
    spare += by.count() * (kMillion + drift);
    return Duration(std::exchange(spare, spare % kMillion) / kMillion);
  }
  /// How far the monotonic clock moves until the wall clock has moved by `by`.
  Duration until_wall(Duration by) const {
    if (by <= Duration::zero()) return by;
    const std::int64_t pace = kMillion + drift;
    return Duration((by.count() * kMillion - spare + pace - 1) / pace);
  }

  void disarm(Armed& timer) {
    std::function<void()> dropped;  // Goes after the lock does: what it holds may call the clock as it ends.
    const std::lock_guard lock(mutex);
    dropped = std::exchange(timer.fire, nullptr);
    timer.number = 0;
    if (Queue* queue = std::exchange(timer.queue, nullptr)) queue->erase(timer.due);
  }

  /// Takes what is due at or before `until` out of `queue`, into `due`; there by how long it had to go from `now` on.
  static void collect(Queue& queue, Duration now, Duration until, Queue& due) {
    const auto end = queue.upper_bound(Due(until, std::numeric_limits<std::uint64_t>::max()));
    for (auto it = queue.begin(); it != end; ++it) {
      it->second->queue = nullptr;
      due.emplace(Due(it->first.first - now, it->first.second), it->second);
    }
    queue.erase(queue.begin(), end);
  }

  void post_all(const Queue& due) {
    for (const auto& [when, timer] : due) post(timer);
  }

  void post(const std::shared_ptr<Armed>& timer) {
    asio::post(timer->executor, [self = shared_from_this(), timer, number = timer->number] {
      std::unique_lock lock(self->mutex);
      if (timer->number != number) return;
      const auto fire = std::exchange(timer->fire, nullptr);
      lock.unlock();
      if (fire) fire();
    });
  }

  std::mutex mutex;
  Duration wall;       // since 1970
  Duration elapsed{};  // since the clock was made
  std::int64_t drift = 0;
  std::int64_t spare = 0;  // millionths
  std::uint64_t armings = 0;
  Queue wall_queue;
  Queue delay_queue;
};

namespace {

class VirtualTimer final : public Timer {
 public:
  VirtualTimer(std::shared_ptr<VirtualClock::State> state, asio::any_io_executor executor)
      : state_(std::move(state)), armed_(std::make_shared<Armed>(std::move(executor))) {}
  ~VirtualTimer() override { state_->disarm(*armed_); }

  void arm_at(TimePoint at, std::function<void()> fire) override {
    state_->arm(armed_, Kind::wall, at.time_since_epoch(), std::move(fire));
  }
  void arm_after(Duration delay, std::function<void()> fire) override {
    state_->arm(armed_, Kind::delay, delay, std::move(fire));
  }
  void disarm() noexcept override { state_->disarm(*armed_); }

 private:
  std::shared_ptr<VirtualClock::State> state_;
  std::shared_ptr<Armed> armed_;
};

}  // namespace

VirtualClock::VirtualClock(TimePoint start) : state_(std::make_shared<State>(start)) {}
VirtualClock::~VirtualClock() = default;

TimePoint VirtualClock::now() const {
  const std::lock_guard lock(state_->mutex);
  return TimePoint(state_->wall);
}

std::chrono::nanoseconds VirtualClock::monotonic() const {
  const std::lock_guard lock(state_->mutex);
  return state_->elapsed;
}

std::unique_ptr<Timer> VirtualClock::make_timer(asio::any_io_executor executor) {
  return std::make_unique<VirtualTimer>(state_, std::move(executor));
}

std::optional<Duration> VirtualClock::next_timer() const {
  const std::lock_guard lock(state_->mutex);
  std::optional<Duration> least;
  const auto consider = [&](Duration delay) {
    if (!least || delay < *least) least = delay;
  };
  const auto& [wall_queue, delay_queue] = std::tie(state_->wall_queue, state_->delay_queue);
  if (!wall_queue.empty()) consider(state_->until_wall(wall_queue.begin()->first.first - state_->wall));
  if (!delay_queue.empty()) consider(delay_queue.begin()->first.first - state_->elapsed);
  return least;
}

void VirtualClock::advance(Duration by) {
  const std::lock_guard lock(state_->mutex);
  Queue due;
  const Duration wall_by = state_->wall_steps(by);
  State::collect(state_->wall_queue, state_->wall, state_->wall + wall_by, due);
  State::collect(state_->delay_queue, state_->elapsed, state_->elapsed + by, due);
  state_->wall += wall_by;
  state_->elapsed += by;
  state_->post_all(due);
}

void VirtualClock::drift(int parts_per_million) {
  const std::lock_guard lock(state_->mutex);
  state_->drift = parts_per_million;
}

void VirtualClock::jump(Duration by) {
  const std::lock_guard lock(state_->mutex);
  Queue all;
  State::collect(state_->wall_queue, state_->wall, Duration::max(), all);
  state_->wall += by;
  state_->post_all(all);
}

}  // namespace taskcore::testing
