#include "engine/registry.hpp"

namespace taskcore {

void Registry::add(std::shared_ptr<Executor> executor) {
  const std::lock_guard lock(mutex_);
  std::string type(executor->type());
  executors_[std::move(type)] = std::move(executor);
}

std::shared_ptr<Executor> Registry::find(std::string_view type) const {
  const std::lock_guard lock(mutex_);
  const auto it = executors_.find(type);
  return it == executors_.end() ? nullptr : it->second;
}

std::string Registry::types() const {
  const std::lock_guard lock(mutex_);
  std::string out;
  for (const auto& [type, executor] : executors_) out += (out.empty() ? "" : ", ") + type;
  return out;
}

void Registry::stop_all() noexcept {
  std::map<std::string, std::shared_ptr<Executor>, std::less<>> executors;
  {
    const std::lock_guard lock(mutex_);
    executors = executors_;
  }
  for (const auto& [type, executor] : executors) executor->stop();
}

}  // namespace taskcore
