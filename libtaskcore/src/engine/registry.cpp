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

Registry::Executors Registry::all() const {
  const std::lock_guard lock(mutex_);
  return executors_;
}

Result<void> Registry::open_all() {
  try {
    for (const auto& [type, executor] : all()) {
      if (auto opened = executor->open(); !opened) return opened;
    }
  } catch (const std::exception& e) {
    return fail(Errc::internal, std::string("an executor cannot be opened: ") + e.what());
  } catch (...) {
    return fail(Errc::internal, "an executor cannot be opened: it threw what is no std::exception");
  }
  return {};
}

void Registry::stop_all() noexcept {
  for (const auto& [type, executor] : all()) executor->stop();
}

}  // namespace taskcore
