// Keys that came from elsewhere and grow old: which of them are in force, and when to ask for them anew. Time is an
// argument; who asks, and how, is remote_keys' business.
#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "auth/key_set.hpp"

namespace taskd {

class KeyCache {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Keys = std::shared_ptr<const KeySet>;

  /// An attempt to fetch the keys begins.
  void begin(Time now) noexcept;

  /// It brought these, and what the answer's Cache-Control says of them.
  void renew(KeySet keys, std::string_view cache_control, Time now);

  /// It brought nothing of use: what was there stays in force until it `is_stale`.
  void fail(Time now) noexcept;

  /// The keys in force; none of them when they are stale.
  Keys keys(Time now) const;

  /// No attempt has succeeded for 24 hours: who knows which keys have been taken back since.
  bool is_stale(Time now) const noexcept;

  /// When to fetch again.
  Time next() const noexcept { return next_; }

  /// Whether a token that names a key which is not here is a reason to fetch now: when the last attempt began a minute
  /// ago. Where it says so it counts as that attempt, so that forged tokens cause one fetch a minute at most.
  bool allows_fetch(Time now) noexcept;

 private:
  Keys keys_ = nobody();
  Time renewed_{};
  Time begun_{};
  Time next_{};

  static const Keys& nobody();
};

/// How long keys with that Cache-Control are good: its max-age from 5 minutes to 24 hours; an hour where it names none,
/// the least where it forbids to keep them.
std::chrono::seconds lifetime_of(std::string_view cache_control) noexcept;

}  // namespace taskd
