// Cross-origin calls: see cors.hpp.
#include "middleware/cors.hpp"

#include <algorithm>
#include <memory>

#include "http/target.hpp"

namespace taskd {

namespace {

constexpr std::string_view kMethods = "GET, HEAD, POST, PUT, PATCH, DELETE";
constexpr std::string_view kRequestHeaders =
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Prefer, X-Request-Id";
constexpr std::string_view kExposed =
    "ETag, Idempotency-Replayed, Location, Next-Cursor, Preference-Applied, RateLimit, RateLimit-Policy, Retry-After, "
    "X-Request-Id";
constexpr std::string_view kMaxAge = "600";

/// What Access-Control-Allow-Origin is to say; empty: nothing.
std::string_view allowed(const Request& request, const std::vector<std::string>& origins) {
  const auto origin = request.headers.get("Origin");
  if (!origin || request.headers.count("Origin") > 1 || !is_origin(*origin)) return {};
  for (const std::string& one : origins) {
    if (one == "*" || one == *origin) return one;
  }
  return {};
}

Response preflight(std::string_view origin) {
  Response response;
  response.status = 204;
  response.headers.add("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
  if (origin.empty()) return response;
  response.headers.add("Access-Control-Allow-Origin", origin);
  response.headers.add("Access-Control-Allow-Methods", kMethods);
  response.headers.add("Access-Control-Allow-Headers", kRequestHeaders);
  response.headers.add("Access-Control-Max-Age", kMaxAge);
  return response;
}

}  // namespace

bool is_origin(std::string_view text) noexcept {
  for (const std::string_view scheme : {std::string_view("https://"), std::string_view("http://")}) {
    if (text.starts_with(scheme)) return is_authority(text.substr(scheme.size()));
  }
  return false;
}

Handler with_cors(Handler next, std::vector<std::string> origins) {
  if (origins.empty()) return next;
  const auto list = std::make_shared<const std::vector<std::string>>(std::move(origins));
  return [next = std::move(next), list](std::shared_ptr<Request> request, Reply reply) {
    const std::string_view origin = allowed(*request, *list);
    if (request->method == Method::options && request->headers.count("Origin") > 0 &&
        request->headers.count("Access-Control-Request-Method") > 0) {
      return reply(preflight(origin));
    }
    // The list outlives the reply, and `origin` is a piece of it.
    reply.before([list, origin](Response& response) {
      response.headers.add("Vary", "Origin");
      if (!origin.empty()) {
        response.headers.add("Access-Control-Allow-Origin", origin);
        response.headers.add("Access-Control-Expose-Headers", kExposed);
      }
    });
    next(std::move(request), std::move(reply));
  };
}

}  // namespace taskd
