// Tasks of type "custom": they call a function of the host by name, or do nothing when they name none (a join point).
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

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

 private:
  std::shared_ptr<const Function> find(std::string_view name) const;
  std::string names() const;

  const bool inline_;  // blocking functions are called on the engine's strand: for deterministic tests
  WorkerPool pool_;
  mutable std::mutex mutex_{};
  std::map<std::string, std::shared_ptr<const Function>, std::less<>> functions_{};
};

}  // namespace taskcore
