#include "executors/worker_pool.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <iterator>
#include <mutex>
#include <thread>
#include <vector>

namespace taskcore {
namespace {

constexpr std::chrono::seconds kPatience{1};

}  // namespace

struct WorkerPool::State : std::enable_shared_from_this<WorkerPool::State> {
  explicit State(int most) : most_threads(static_cast<std::size_t>(std::max(most, 1))) {}

  /// All; or it throws, and all stay with the caller.
  void take(std::vector<Work>& more) {
    add_threads(queue.size() + more.size());
    queue.insert(queue.end(), std::move_iterator(more.begin()), std::move_iterator(more.end()));
    more.clear();
  }

  void add_threads(std::size_t calls) {
    try {
      for (std::size_t served = idle; served < calls && threads.size() < most_threads; ++served) {
        threads.emplace_back([state = shared_from_this()] { state->work(); });
      }
    } catch (...) {  // too many threads: those that there are will do
      if (threads.empty()) throw;
    }
  }

  void work() {
    std::unique_lock lock(mutex);
    for (;;) {
      if (++idle == threads.size()) all_idle.notify_all();
      changed.wait(lock, [this] { return stopped || !queue.empty(); });
      --idle;
      if (stopped) return;
      Work next = std::move(queue.front());
      queue.pop_front();
      lock.unlock();
      next.function->start(std::move(next.context), std::move(next.done));
      next = {};  // what it holds is freed without the lock
      lock.lock();
    }
  }

  const std::size_t most_threads;
  std::mutex mutex{};
  std::condition_variable changed{};
  std::condition_variable all_idle{};
  std::deque<Work> queue{};
  std::vector<std::thread> threads{};
  std::size_t idle = 0;
  bool stopped = false;
};

WorkerPool::WorkerPool(int threads) : state_(std::make_shared<State>(threads)) {}

WorkerPool::~WorkerPool() { stop(); }

void WorkerPool::post(std::vector<Work>& work) noexcept {
  std::exception_ptr error;
  std::size_t wanted = 0;
  {
    const std::lock_guard lock(state_->mutex);
    try {
      if (!state_->stopped) state_->take(work);
    } catch (...) {
      error = std::current_exception();
    }
    wanted = std::min(state_->queue.size(), state_->idle);
  }
  for (; wanted > 0; --wanted) state_->changed.notify_one();
  if (error) {
    for (Work& untaken : work) untaken.done(detail::outcome_of_exception(error));
  }
  work.clear();
}

void WorkerPool::stop() noexcept {
  std::deque<Work> dropped;
  std::vector<std::thread> threads;
  bool joinable = false;
  {
    std::unique_lock lock(state_->mutex);
    dropped.swap(state_->queue);
    // Work that has reported its end may need a moment more to return.
    joinable = state_->all_idle.wait_for(lock, kPatience, [this] { return state_->idle == state_->threads.size(); });
    state_->stopped = true;
    threads.swap(state_->threads);
  }
  state_->changed.notify_all();
  for (std::thread& thread : threads) {
    if (joinable && thread.get_id() != std::this_thread::get_id()) {
      thread.join();
    } else {
      thread.detach();
    }
  }
}

}  // namespace taskcore
