#include "net/redirect.hpp"

#include <algorithm>
#include <array>

#include "model/text.hpp"

namespace taskcore::net {

namespace {

template <std::size_t N>
void drop(Headers& headers, const std::array<std::string_view, N>& names) {
  std::erase_if(headers, [&](const auto& header) {
    return std::find(names.begin(), names.end(), lower(header.first)) != names.end();
  });
}

}  // namespace

bool is_redirect(const HttpResponse& response) {
  const int status = response.status;
  const bool moved = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  return moved && !response.header("location").empty();
}

Result<HttpRequest> redirected(const HttpRequest& request, const HttpResponse& response) {
  auto target = follow(request.target, response.header("location"));
  if (!target) return target.error();
  if (request.target.tls && !target->tls) {
    return fail(Errc::invalid, "the redirect of " + request.target.origin() + " leads from https to http");
  }
  HttpRequest out = request;
  out.target = std::move(*target);
  const bool was_post = request.method == "POST";
  const bool to_get = (response.status == 303 && request.method != "HEAD") || (was_post && response.status < 303);
  if (to_get) {
    out.method = "GET";
    out.body.clear();
    drop(out.headers,
         std::array<std::string_view, 4>{"content-type", "content-encoding", "content-language", "content-location"});
  }
  if (!out.target.same_origin(request.target)) {
    drop(out.headers, std::array<std::string_view, 3>{"authorization", "cookie", "proxy-authorization"});
  }
  return out;
}

bool is_idempotent(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE" || method == "OPTIONS" ||
         method == "TRACE";
}

}  // namespace taskcore::net
