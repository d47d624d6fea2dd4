// Rate limit: see rate_limit.hpp.
#include "middleware/rate_limit.hpp"

#include <arpa/inet.h>

#include "http/problem.hpp"

namespace taskd {

namespace {

std::string address_key(const std::string& address) {
  in6_addr parsed{};
  const std::string plain = address.substr(0, address.find('%'));
  if (inet_pton(AF_INET6, plain.c_str(), &parsed) != 1 || IN6_IS_ADDR_V4MAPPED(&parsed)) return "address " + address;
  return "network " + std::string(reinterpret_cast<const char*>(parsed.s6_addr), 8);
}

/// A bucket's key is kept: of a long name its beginning and a hash stand for it.
std::string user_key(const std::string& user) {
  constexpr std::size_t kLongest = 128;
  if (user.size() <= kLongest) return "user " + user;
  return "long user " + user.substr(0, kLongest) + std::to_string(std::hash<std::string>{}(user));
}

/// draft-ietf-httpapi-ratelimit-headers: quota and window, then what is left and when it is whole again.
std::string policy_of(const RateLimiter& limiter) {
  return "\"default\";q=" + std::to_string(limiter.per_minute()) + ";w=60";
}

std::string state_of(const RateLimiter::Decision& decision) {
  return "\"default\";r=" + std::to_string(decision.remaining) + ";t=" + std::to_string(decision.full_in.count());
}

Response too_many(const Request& request, const std::string& policy, const RateLimiter::Decision& decision) {
  const std::string seconds = std::to_string(decision.retry_after.count());
  Problem problem = make_problem(429, "Too many requests; wait " + seconds + " seconds.");
  problem.headers.set("Retry-After", seconds);
  problem.headers.set("RateLimit-Policy", policy);
  problem.headers.set("RateLimit", state_of(decision));
  return to_response(problem, request.id);
}

}  // namespace

std::string rate_key(const Request& request) {
  return request.identity ? user_key(request.identity->user) : address_key(request.remote_address);
}

Handler with_rate_limit(Handler next, std::shared_ptr<RateLimiter> limiter, std::function<RateLimiter::Time()> now,
                        RequestTest is_exempt) {
  if (!limiter) return next;
  const std::string policy = policy_of(*limiter);
  return [next = std::move(next), limiter = std::move(limiter), now = std::move(now), is_exempt = std::move(is_exempt),
          policy](std::shared_ptr<Request> request, Reply reply) {
    if (is_exempt(*request)) return next(std::move(request), std::move(reply));
    const RateLimiter::Decision decision = limiter->take(rate_key(*request), now());
    if (!decision.allowed) return reply(too_many(*request, policy, decision));
    reply.before([policy, state = state_of(decision)](Response& response) {
      response.headers.add("RateLimit-Policy", policy);
      response.headers.add("RateLimit", state);
    });
    next(std::move(request), std::move(reply));
  };
}

Handler with_address_limit(Handler next, std::shared_ptr<const RateLimiter> limiter,
                           std::function<RateLimiter::Time()> now, RequestTest is_exempt, RequestTest is_known) {
  if (!limiter) return next;
  const std::string policy = policy_of(*limiter);
  return [next = std::move(next), limiter = std::move(limiter), now = std::move(now), is_exempt = std::move(is_exempt),
          is_known = std::move(is_known), policy](std::shared_ptr<Request> request, Reply reply) {
    const RateLimiter::Decision decision = limiter->look(address_key(request->remote_address), now());
    if (decision.allowed || is_exempt(*request) || is_known(*request)) {
      return next(std::move(request), std::move(reply));
    }
    reply(too_many(*request, policy, decision));
  };
}

}  // namespace taskd
