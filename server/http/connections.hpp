// What the connections of one listener share, and the set of them: counted, capped, drained.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "http/body_budget.hpp"
#include "http/options.hpp"
#include "http/reply.hpp"

namespace taskd {

class Session;

class Connections {
 public:
  Connections(HttpOptions options, Handler handler)
      : options_(options),
        handler_(std::move(handler)),
        body_budget_(std::make_shared<BodyBudget>(options_.body_memory)) {}

  const HttpOptions& options() const noexcept { return options_; }
  const Handler& handler() const noexcept { return handler_; }
  const std::shared_ptr<BodyBudget>& body_budget() const noexcept { return body_budget_; }

  /// Of an address, or of one's /64: who connects from there is one client. None: the client is not counted.
  using Source = std::optional<std::uint64_t>;

  void add(const std::shared_ptr<Session>& session, Source source);
  void remove(Session* session);
  std::size_t size() const;
  std::size_t count(Source source) const;

  /// True once no request is to be begun any more.
  bool draining() const noexcept { return draining_.load(std::memory_order_relaxed); }

  /// From now on connections end after the request in hand; `emptied` is called once, when the last one is gone.
  void drain(std::function<void()> emptied);

  std::vector<std::shared_ptr<Session>> all() const;

 private:
  struct Entry {
    std::weak_ptr<Session> session;
    Source source;
  };

  const HttpOptions options_;
  const Handler handler_;
  const std::shared_ptr<BodyBudget> body_budget_;
  mutable std::mutex mutex_;
  std::unordered_map<Session*, Entry> sessions_;
  std::unordered_map<std::uint64_t, std::size_t> counts_;  ///< Of those that are counted.
  std::function<void()> emptied_;
  std::atomic<bool> draining_{false};
};

}  // namespace taskd
