// The executors by type of task. Filled before the start, read from any thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "taskcore/executor.hpp"

namespace taskcore {

class Registry {
 public:
  void add(std::shared_ptr<Executor> executor);
  /// None when no executor serves this type.
  std::shared_ptr<Executor> find(std::string_view type) const;
  /// The types, separated by commas: for messages.
  std::string types() const;
  /// The first error ends it.
  Result<void> open_all();
  void stop_all() noexcept;

 private:
  using Executors = std::map<std::string, std::shared_ptr<Executor>, std::less<>>;
  Executors all() const;

  mutable std::mutex mutex_{};
  Executors executors_{};
};

}  // namespace taskcore
