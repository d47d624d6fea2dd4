// Which queues to look at for ready runs: now, when a key is free again, or at an instant. Hints only: a queue too many
// costs a look, and what is forgotten is found by the next look at the store. Owned by the store's thread.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "taskcore/time.hpp"

namespace taskcore {

class Backlog {
 public:
  using Queues = std::set<std::string, std::less<>>;

  /// The queues that may have ready runs.
  Queues& queues() noexcept { return queues_; }
  bool contains(std::string_view queue) const { return queues_.contains(queue); }

  /// A run of `queue` is ready.
  void add(const std::string& queue, bool has_key) {
    queues_.insert(queue);
    if (has_key) with_keys_.insert(queue);
  }
  /// Whether runs of `queue` that have a concurrency key may be ready.
  bool may_have_keys(std::string_view queue) const { return with_keys_.contains(queue); }
  void has_no_keys(const std::string& queue) { with_keys_.erase(queue); }

  /// Runs of `queue` wait until fewer runs of `key` run.
  void wait_for_key(const std::string& key, const std::string& queue) { by_key_[key].insert(queue); }
  void key_is_free(std::string_view key) {
    const auto it = by_key_.find(key);
    if (it == by_key_.end()) return;
    queues_.merge(it->second);
    by_key_.erase(it);
  }

  /// Runs of `queue` wait for an instant.
  void wait_until(const std::string& queue, TimePoint at) {
    const auto [it, is_new] = by_time_.try_emplace(queue, at);
    if (!is_new && at < it->second) it->second = at;
  }
  void wake(TimePoint now) {
    for (auto it = by_time_.begin(); it != by_time_.end();) {
      if (it->second > now) {
        ++it;
        continue;
      }
      queues_.insert(it->first);
      it = by_time_.erase(it);
    }
  }
  /// The first of those instants.
  std::optional<TimePoint> next_wake() const {
    std::optional<TimePoint> first;
    for (const auto& [queue, at] : by_time_) {
      if (!first || at < *first) first = at;
    }
    return first;
  }

  /// The store was asked which queues have ready runs: nobody waits for anything but to be looked at.
  void start_anew(const std::vector<std::string>& ready) {
    by_key_.clear();
    by_time_.clear();
    for (const std::string& queue : ready) add(queue, true);
  }

 private:
  Queues queues_{};
  Queues with_keys_{};
  std::map<std::string, Queues, std::less<>> by_key_{};
  std::map<std::string, TimePoint, std::less<>> by_time_{};
};

}  // namespace taskcore
