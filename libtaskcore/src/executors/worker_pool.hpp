// A fixed number of threads for functions that block. Threads start when there is work for them. A thread that is stuck
// in its work when the pool stops is left behind: it holds its own share of the pool's state.
#pragma once

#include <memory>
#include <vector>

#include "taskcore/function.hpp"

namespace taskcore {

class WorkerPool {
 public:
  /// One call of a function.
  struct Work {
    std::shared_ptr<const Function> function{};
    std::shared_ptr<RunContext> context{};
    RunCompletion done{};
  };

  explicit WorkerPool(int threads);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// From any thread. Takes all of `work` at one go and leaves it empty: threads that meet for each call wait for each
  /// other. When neither a thread nor memory can be had, it fails with that; after `stop` it is dropped, unrun.
  void post(std::vector<Work>& work) noexcept;
  /// Drops what waits; joins the threads that are idle.
  void stop() noexcept;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace taskcore
