// What the connections of one listener share, and the set of them: counted, capped, drained.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "http/message.hpp"
#include "http/options.hpp"

namespace taskd {

class Session;

class Connections {
 public:
  Connections(HttpOptions options, Handler handler) : options_(options), handler_(std::move(handler)) {}

  const HttpOptions& options() const noexcept { return options_; }
  const Handler& handler() const noexcept { return handler_; }

  void add(const std::shared_ptr<Session>& session);
  void remove(Session* session);
  std::size_t size() const;

  /// True once no request is to be begun any more.
  bool draining() const noexcept { return draining_.load(std::memory_order_relaxed); }

  /// From now on connections end after the request in hand; `emptied` is called once, when the last one is gone.
  void drain(std::function<void()> emptied);

  std::vector<std::shared_ptr<Session>> all() const;

 private:
  const HttpOptions options_;
  const Handler handler_;
  mutable std::mutex mutex_;
  std::unordered_map<Session*, std::weak_ptr<Session>> sessions_;
  std::function<void()> emptied_;
  std::atomic<bool> draining_{false};
};

}  // namespace taskd
