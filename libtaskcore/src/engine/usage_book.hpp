// What each creator's tasks take up, as the open transaction sees it: of those creators that were asked for, kept in
// step from then on, so that no call counts anew. Nothing is kept while nobody asks.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "taskcore/quota.hpp"

namespace taskcore {

class UsageBook {
 public:
  /// Null: it must be read.
  const Usage* find(const std::string& creator) const {
    const auto known = known_.find(creator);
    return known != known_.end() ? &known->second : nullptr;
  }
  const Usage& add(const std::string& creator, const Usage& usage) {
    if (known_.size() >= kMostCreators) known_.clear();
    return known_.insert_or_assign(creator, usage).first->second;
  }
  /// `more` may be less than nothing.
  void book(const std::string& creator, const Usage& more) {
    if (known_.empty()) return;
    const auto known = known_.find(creator);
    if (known == known_.end()) return;
    known->second.tasks += more.tasks;
    known->second.runs += more.runs;
    known->second.bytes += more.bytes;
  }
  void forget() noexcept { known_.clear(); }

 private:
  static constexpr std::size_t kMostCreators = 10'000;  // beyond, they are read anew

  std::unordered_map<std::string, Usage> known_{};
};

}  // namespace taskcore
