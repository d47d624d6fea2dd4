#include "executors/worker_pool.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace taskcore {
namespace {

constexpr std::chrono::seconds kPatience{1};

}  // namespace

struct WorkerPool::State {
  explicit State(int most) : most_threads(static_cast<std::size_t>(std::max(most, 1))) {}

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

void WorkerPool::post(Work work) {
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->stopped) return;
    state_->queue.push_back(std::move(work));
    if (state_->queue.size() > state_->idle && state_->threads.size() < state_->most_threads) {
      try {
        state_->threads.emplace_back([state = state_] { state->work(); });
      } catch (...) {  // too many threads: those that there are will do
        if (state_->threads.empty()) {
          state_->queue.pop_back();
          throw;
        }
      }
    }
  }
  state_->changed.notify_one();
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
