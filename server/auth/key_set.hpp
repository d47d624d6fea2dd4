// The keys in force, and which of them a token may be checked with.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "auth/verify_key.hpp"

namespace taskd {

class KeySet {
 public:
  /// One key for every token, whatever `kid` it names.
  explicit KeySet(VerifyKey only);

  /// Several, among which `kid` chooses.
  explicit KeySet(std::vector<VerifyKey> keys);

  /// The one key of that `id` that takes `algorithm`; without an id the one key that does. Null when there is none, or
  /// more than one.
  const VerifyKey* choose(std::optional<std::string_view> id, Algorithm algorithm) const noexcept;

 private:
  std::vector<VerifyKey> keys_;
  bool chosen_by_id_;
};

/// Gives the keys in force now. From any thread.
using KeySource = std::function<std::shared_ptr<const KeySet>()>;

KeySource fixed_key(VerifyKey key);

}  // namespace taskd
