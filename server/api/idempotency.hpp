// Idempotency-Key: a call that is sent again under its key is done once and answered the same. The library keeps the
// answer in the transaction of the change; here are the header, the calls in flight, and answers as text.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "http/problem.hpp"
#include "taskcore/audit.hpp"

namespace taskd {

/// What the request's key says; none without one, and of methods other than POST. Errors: 400 for a key that is not 1
/// to 255 visible ASCII characters.
Outcome<std::optional<taskcore::Idempotency>> idempotency_of(const Request& request);

/// A response as text, and back. Text that cannot be read gives a 500.
std::string pack(const Response& response);
Response unpack(std::string_view text);

/// The keyed calls that are being worked on. Usable from any thread.
class InFlight {
 public:
  /// False when a call of this scope is under way.
  bool enter(const std::string& scope);
  void leave(const std::string& scope);

 private:
  std::mutex mutex_;
  std::unordered_set<std::string> scopes_;
};

}  // namespace taskd
