// Request ids: see request_id.hpp.
#include "middleware/request_id.hpp"

#include "http/request_id.hpp"

namespace taskd {

Handler with_request_id(Handler next) {
  return [next = std::move(next)](std::shared_ptr<Request> request, Reply reply) {
    if (const auto given = request->headers.get("X-Request-Id"); given && is_sane_request_id(*given)) {
      request->id = *given;
    }
    if (request->id.empty()) request->id = make_request_id();
    reply.before([request](Response& response) { response.headers.set("X-Request-Id", request->id); });
    next(std::move(request), std::move(reply));
  };
}

}  // namespace taskd
