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

}  // namespace

std::string rate_key(const Request& request) {
  return request.identity ? "user " + request.identity->user : address_key(request.remote_address);
}

Handler with_rate_limit(Handler next, std::shared_ptr<RateLimiter> limiter, std::function<RateLimiter::Time()> now,
                        std::function<bool(const Request&)> is_exempt) {
  if (!limiter) return next;
  // draft-ietf-httpapi-ratelimit-headers: quota and window, then what is left and when it is whole again.
  const std::string policy = "\"default\";q=" + std::to_string(limiter->per_minute()) + ";w=60";
  return [next = std::move(next), limiter = std::move(limiter), now = std::move(now), is_exempt = std::move(is_exempt),
          policy](std::shared_ptr<Request> request, Reply reply) {
    if (is_exempt(*request)) return next(std::move(request), std::move(reply));
    const RateLimiter::Decision decision = limiter->take(rate_key(*request), now());
    std::string state =
        "\"default\";r=" + std::to_string(decision.remaining) + ";t=" + std::to_string(decision.full_in.count());
    if (!decision.allowed) {
      Problem problem =
          make_problem(429, "Too many requests; wait " + std::to_string(decision.retry_after.count()) + " seconds.");
      problem.headers.set("Retry-After", std::to_string(decision.retry_after.count()));
      problem.headers.set("RateLimit-Policy", policy);
      problem.headers.set("RateLimit", state);
      return reply(to_response(problem, request->id));
    }
    next(std::move(request), [policy, state = std::move(state), reply = std::move(reply)](Response response) {
      response.headers.add("RateLimit-Policy", policy);
      response.headers.add("RateLimit", state);
      reply(std::move(response));
    });
  };
}

}  // namespace taskd
