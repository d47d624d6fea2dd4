// Router: see router.hpp.
#include "http/router.hpp"

#include <algorithm>

#include "http/problem.hpp"

namespace taskd {

namespace {

Response allowed(std::string_view methods) {
  Response response;
  response.status = 204;
  response.headers.set("Allow", methods);
  return response;
}

}  // namespace

void Router::add(Method method, std::string_view pattern, Handler handler) {
  std::vector<Part> parts;
  for (std::string_view rest = pattern.substr(1);;) {
    const std::size_t slash = rest.find('/');
    const std::string_view part = rest.substr(0, slash);
    const bool is_param = !part.empty() && part.front() == ':';
    parts.push_back({std::string(is_param ? part.substr(1) : part), is_param});
    if (slash == std::string_view::npos) break;
    rest = rest.substr(slash + 1);
  }
  const auto same = [&](const std::unique_ptr<Route>& route) {
    return std::equal(route->parts.begin(), route->parts.end(), parts.begin(), parts.end(),
                      [](const Part& a, const Part& b) { return a.is_param == b.is_param && a.text == b.text; });
  };
  auto route = std::find_if(routes_.begin(), routes_.end(), same);
  if (route == routes_.end()) {
    routes_.push_back(std::make_unique<Route>(Route{std::string(pattern), std::move(parts), {}}));
    route = std::prev(routes_.end());
  }
  (*route)->endpoints.push_back({method, std::move(handler)});
}

std::vector<std::pair<Method, std::string>> Router::routes() const {
  std::vector<std::pair<Method, std::string>> out;
  for (const auto& route : routes_) {
    std::string pattern;
    for (const Part& part : route->parts) pattern += (part.is_param ? "/:" : "/") + part.text;
    for (const Endpoint& endpoint : route->endpoints) out.emplace_back(endpoint.method, pattern);
  }
  return out;
}

const Router::Route* Router::find(const std::vector<std::string>& segments) const {
  // A few dozen routes: a walk over them is cheaper than a tree. The one with the most literals wins.
  const Route* best = nullptr;
  std::size_t best_literals = 0;
  for (const auto& route : routes_) {
    if (route->parts.size() != segments.size()) continue;
    std::size_t literals = 0;
    bool fits = true;
    for (std::size_t i = 0; i < segments.size() && fits; ++i) {
      const Part& part = route->parts[i];
      fits = part.is_param ? !segments[i].empty() : part.text == segments[i];
      literals += part.is_param ? 0 : 1;
    }
    if (fits && (best == nullptr || literals > best_literals)) {
      best = route.get();
      best_literals = literals;
    }
  }
  return best;
}

void Router::handle(std::shared_ptr<Request> request, Reply reply) const {
  if (request->path == "*") return reply(allowed("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"));
  const Route* route = find(request->segments);
  if (route == nullptr) return reply(to_response(make_problem(404, "There is nothing here."), request->id));

  request->route = route->pattern;
  const Method wanted = request->method == Method::head ? Method::get : request->method;
  for (const Endpoint& endpoint : route->endpoints) {
    if (endpoint.method != wanted) continue;
    request->params.clear();
    for (std::size_t i = 0; i < route->parts.size(); ++i) {
      if (route->parts[i].is_param) request->params.emplace_back(route->parts[i].text, request->segments[i]);
    }
    return endpoint.handler(std::move(request), std::move(reply));
  }

  std::string allow;
  for (const Endpoint& endpoint : route->endpoints) {
    allow += std::string(to_string(endpoint.method)) + (endpoint.method == Method::get ? ", HEAD, " : ", ");
  }
  allow += "OPTIONS";
  if (request->method == Method::options) return reply(allowed(allow));
  Problem problem = make_problem(405, "This path does not know that method.");
  problem.headers.set("Allow", allow);
  reply(to_response(problem, request->id));
}

}  // namespace taskd
