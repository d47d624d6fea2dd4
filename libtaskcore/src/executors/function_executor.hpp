// Tasks of type "custom": they call a function of the host by name, or do nothing when they name none (a join point).
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "executors/worker_pool.hpp"
#include "taskcore/executor.hpp"
#include "taskcore/function.hpp"
#include "taskcore/options.hpp"

namespace taskcore {

class FunctionExecutor final : public Executor {
 public:
  explicit FunctionExecutor(const Options& options);

  void add(std::string name, Function function);

  std::string_view type() const noexcept override { return "custom"; }
  Result<void> validate(const boost::json::object& config) const override;
  void start(std::shared_ptr<RunContext> context, RunCompletion done) override;
  void stop() noexcept override;

  /// While there is one, calls for the function threads gather, and go to them many at a time. On the strand, one at a
  /// time.
  class Gathering {
   public:
    explicit Gathering(FunctionExecutor& functions) noexcept : functions_(functions) { functions_.gathering_ = true; }
    ~Gathering() {
      functions_.gathering_ = false;
      functions_.pool_.post(functions_.calls_);
    }
    Gathering(const Gathering&) = delete;
    Gathering& operator=(const Gathering&) = delete;

   private:
    FunctionExecutor& functions_;
  };

 private:
  std::shared_ptr<const Function> find(std::string_view name) const;
  std::string names() const;

  const bool inline_;  // blocking functions are called on the engine's strand: for deterministic tests
  WorkerPool pool_;
  bool gathering_ = false;                 // on the strand only
  std::vector<WorkerPool::Work> calls_{};  // likewise
  mutable std::mutex mutex_{};
  std::map<std::string, std::shared_ptr<const Function>, std::less<>> functions_{};
};

}  // namespace taskcore
