// Conditional reads: see conditional.hpp.
#include "middleware/conditional.hpp"

#include "http/entity_tags.hpp"

namespace taskd {

namespace {

void tag(const Request& request, Response& response) {
  if (!response.headers.get("ETag")) response.headers.add("ETag", weak_tag(response.body));
  const auto known = known_tag(request, *response.headers.get("ETag"));
  if (!known) return;
  response.status = 304;
  response.body.clear();
  // As the client named it: by this it finds its copy.
  response.headers.set("ETag", *known);
}

}  // namespace

Handler with_conditional_reads(Handler next) {
  return [next = std::move(next)](std::shared_ptr<Request> request, Reply reply) {
    if (request->method == Method::get || request->method == Method::head) {
      reply.before([request](Response& response) {
        if (response.status == 200 && !response.body.empty()) tag(*request, response);
      });
    }
    next(std::move(request), std::move(reply));
  };
}

}  // namespace taskd
