// A fixed number of threads for blocking work. Threads start when there is work for them. A thread that is stuck in its
// work when the pool stops is left behind: it holds its own share of the pool's state.
#pragma once

#include <functional>
#include <memory>

namespace taskcore {

class WorkerPool {
 public:
  explicit WorkerPool(int threads);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// From any thread. After `stop` the work is dropped, unrun.
  void post(std::function<void()> work);
  /// Drops what waits; joins the threads that are idle.
  void stop() noexcept;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace taskcore
