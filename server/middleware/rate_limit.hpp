// Applies the rate limit: by user where the token is good, else by address. 429 with Retry-After, and RateLimit headers
// on every answer.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "http/reply.hpp"
#include "middleware/rate_limiter.hpp"

namespace taskd {

using RequestTest = std::function<bool(const Request&)>;

/// The bucket of a request: the user, or the address (IPv6: its /64, since a host has all of that).
std::string rate_key(const Request& request);

/// A null `limiter` limits nothing; paths for which `is_exempt` holds are not counted.
Handler with_rate_limit(Handler next, std::shared_ptr<RateLimiter> limiter, std::function<RateLimiter::Time()> now,
                        RequestTest is_exempt);

/// Stands before the check of tokens, which costs more than anything else that a stranger can ask for: an address that
/// has nothing left gets its 429 unheard. Requests for which `is_known` holds, whose token was checked before, pass,
/// and so do those that `is_exempt` names. Counts nothing.
Handler with_address_limit(Handler next, std::shared_ptr<const RateLimiter> limiter,
                           std::function<RateLimiter::Time()> now, RequestTest is_exempt, RequestTest is_known);

}  // namespace taskd
