// KeySet: see key_set.hpp.
#include "auth/key_set.hpp"

#include <utility>

namespace taskd {

KeySet::KeySet(VerifyKey only) : chosen_by_id_(false) { keys_.push_back(std::move(only)); }

KeySet::KeySet(std::vector<VerifyKey> keys) : keys_(std::move(keys)), chosen_by_id_(true) {}

const VerifyKey* KeySet::choose(std::optional<std::string_view> id, Algorithm algorithm) const noexcept {
  const VerifyKey* found = nullptr;
  for (const VerifyKey& key : keys_) {
    if ((chosen_by_id_ && id && key.id != id) || !key.takes(algorithm)) continue;
    if (found != nullptr) return nullptr;
    found = &key;
  }
  return found;
}

KeySource fixed_key(VerifyKey key) {
  return [keys = std::make_shared<const KeySet>(std::move(key))] { return keys; };
}

}  // namespace taskd
