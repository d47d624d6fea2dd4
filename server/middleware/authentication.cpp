// Authentication: see authentication.hpp.
#include "middleware/authentication.hpp"

#include "http/problem.hpp"

namespace taskd {

namespace {

/// The token of "Authorization: Bearer <token>". None when there is no such header; empty when it is another scheme.
std::optional<std::string_view> bearer_token(const Request& request) {
  const auto header = request.headers.get("Authorization");
  if (!header) return std::nullopt;
  constexpr std::string_view kScheme = "Bearer ";
  if (header->size() <= kScheme.size() || !iequals(header->substr(0, kScheme.size()), kScheme)) return "";
  const std::size_t start = header->find_first_not_of(' ', kScheme.size());
  return start == std::string_view::npos ? std::string_view{} : header->substr(start);
}

}  // namespace

taskcore::Result<Identity> identify(const Request& request, const Jwt& jwt, Jwt::Seconds now) {
  const auto token = bearer_token(request);
  if (!token) return taskcore::fail(taskcore::Errc::invalid, "");
  if (token->empty() || request.headers.count("Authorization") > 1) {
    return taskcore::fail(taskcore::Errc::invalid, "exactly one header \"Authorization: Bearer <token>\" is needed");
  }
  return jwt.verify(*token, now);
}

bool has_known_token(const Request& request, const Jwt& jwt) {
  const auto token = bearer_token(request);
  return token && !token->empty() && jwt.knows(*token);
}

Handler with_identity(Handler next, std::shared_ptr<const Jwt> jwt, WallClock now,
                      std::function<bool(const Request&)> is_exempt) {
  return [next = std::move(next), jwt = std::move(jwt), now = std::move(now), is_exempt = std::move(is_exempt)](
             std::shared_ptr<Request> request, Reply reply) {
    if (is_exempt && is_exempt(*request)) return next(std::move(request), std::move(reply));
    if (auto identity = identify(*request, *jwt, now()); identity) {
      request->identity = std::move(*identity);
    } else {
      request->refusal = identity.error().detail;
    }
    next(std::move(request), std::move(reply));
  };
}

Handler with_required_identity(Handler next, std::function<bool(const Request&)> is_public) {
  return [next = std::move(next), is_public = std::move(is_public)](std::shared_ptr<Request> request, Reply reply) {
    if (request->identity || is_public(*request)) return next(std::move(request), std::move(reply));
    // RFC 6750: no error code where the client sent no token at all.
    const bool sent = !request->refusal.empty();
    Problem problem = make_problem(401, sent ? "The token is refused: " + request->refusal + "."
                                             : "This call needs a header \"Authorization: Bearer <token>\".");
    problem.headers.set("WWW-Authenticate",
                        sent ? "Bearer realm=\"taskd\", error=\"invalid_token\"" : "Bearer realm=\"taskd\"");
    reply(to_response(problem, request->id));
  };
}

}  // namespace taskd
