// Tells subscribers what has become durable. On the engine's strand; subscribing is possible from any thread.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "taskcore/event.hpp"

namespace taskcore {

class EventHub {
 public:
  using Subscriber = std::function<void(const Event&)>;

  /// `wanted` is kept true while there are subscribers.
  explicit EventHub(std::atomic<bool>& wanted) : wanted_(wanted) {}

  /// The calls end when the token is destroyed; one that is under way may still be.
  std::shared_ptr<void> subscribe(Subscriber subscriber) {
    auto kept = std::make_shared<Subscriber>(std::move(subscriber));
    const std::lock_guard lock(mutex_);
    subscribers_.push_back(kept);
    wanted_ = true;
    return kept;
  }

  /// Gives how many calls threw: that is the subscriber's affair, and neither ends the host's loop nor keeps the others
  /// from hearing.
  std::size_t publish(const std::vector<Event>& events) {
    if (events.empty()) return 0;
    std::size_t thrown = 0;
    for (const auto& subscriber : current()) {
      for (const Event& event : events) thrown += threw(*subscriber, event) ? 1 : 0;
    }
    return thrown;
  }

 private:
  static bool threw(const Subscriber& subscriber, const Event& event) {
    try {
      subscriber(event);
      return false;
    } catch (...) {
      return true;
    }
  }
  std::vector<std::shared_ptr<Subscriber>> current() {
    std::vector<std::shared_ptr<Subscriber>> out;
    const std::lock_guard lock(mutex_);
    std::erase_if(subscribers_, [&](const std::weak_ptr<Subscriber>& weak) {
      auto subscriber = weak.lock();
      if (subscriber) out.push_back(std::move(subscriber));
      return weak.expired();
    });
    wanted_ = !subscribers_.empty();
    return out;
  }

  std::atomic<bool>& wanted_;
  std::mutex mutex_{};
  std::vector<std::weak_ptr<Subscriber>> subscribers_{};
};

}  // namespace taskcore
