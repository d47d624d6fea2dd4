// Method and path to a handler. Patterns are "/api/tasks/:id/runs"; a part that begins with ':' matches any one
// non-empty segment, and a literal wins over it. Verbs behind a colon ("/api/tasks:batch") are plain literals.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/reply.hpp"

namespace taskd {

class Router {
 public:
  /// `request.params` holds the `:name` parts, and `request.route` the pattern, when the handler is called.
  void add(Method method, std::string_view pattern, Handler handler);

  /// Each method and pattern, in the order of their paths' first.
  std::vector<std::pair<Method, std::string>> routes() const;

  /// Hands the request to its route. No such path: 404. Path without that method: 405 with Allow. HEAD goes to GET's
  /// route (the session leaves the body out); OPTIONS gives 204 with Allow, also of "*", the server as a whole.
  void handle(std::shared_ptr<Request> request, Reply reply) const;

 private:
  struct Part {
    std::string text;  ///< The literal, or the parameter's name.
    bool is_param = false;
  };
  struct Endpoint {
    Method method;
    Handler handler;
  };
  struct Route {
    std::string pattern;
    std::vector<Part> parts;
    std::vector<Endpoint> endpoints;
  };

  const Route* find(const std::vector<std::string>& segments) const;

  std::vector<std::unique_ptr<Route>> routes_;
};

}  // namespace taskd
