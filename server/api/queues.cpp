// GET /api/queues and PUT /api/queues/:name: what may start at the same time and how often. For administrators.
#include "api/access.hpp"
#include "api/api.hpp"
#include "api/parameters.hpp"
#include "api/render.hpp"
#include "http/json_body.hpp"
#include "taskcore/json.hpp"
#include "taskcore/queue.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::Queue;
using taskcore::QueueSpec;
using taskcore::Result;

namespace {

std::optional<Problem> refused(const Request& request) {
  if (auto problem = Parameters(request.query, {}).problem()) return problem;
  if (!is_admin(*request.identity)) return make_problem(403, "Only administrators may see and change queues.");
  return std::nullopt;
}

Outcome<Response> list(const Api& api, const Request& request) {
  if (const auto problem = refused(request)) return *problem;
  const auto queues = api.scheduler.queues();
  if (!queues) return to_problem(queues.error());
  json::array items;
  for (const Queue& queue : *queues) items.push_back(taskcore::to_json(queue));
  return page_response("queues", std::move(items), {});
}

/// The body with what a GET shows besides left out, so that what was read can be changed and sent back.
Outcome<QueueSpec> read_spec(const Request& request) {
  auto body = json_object_body(request);
  if (!body) return body.error();
  const std::string name(request.param("name"));
  if (const auto* given = body->if_contains("name"); given != nullptr && *given != json::value(name)) {
    return field_problem("/name", "must be the name in the path, or be left out");
  }
  for (const char* shown : {"name", "ready", "delayed", "running", "updatedAt"}) body->erase(shown);
  auto spec = taskcore::queue_from_json(*body);
  if (!spec) return to_problem(spec.error());
  spec->name = name;
  return *spec;
}

Outcome<Response> show(const Api& api, const std::string& name) {
  const auto queues = api.scheduler.queues();
  if (!queues) return to_problem(queues.error());
  for (const Queue& queue : *queues) {
    if (queue.name == name) return json_response(taskcore::to_json(queue));
  }
  return make_problem(500, "The queue was set and is not there.");
}

std::optional<Problem> put(Call call) {
  if (auto problem = refused(*call.request)) return problem;
  auto spec = read_spec(*call.request);
  if (!spec) return spec.error();
  auto then = [api = call.api](Result<QueueSpec> queue) -> std::optional<Outcome<Response>> {
    if (!queue) return to_problem(queue.error());
    return show(*api, queue->name);
  };
  call.api->scheduler.async_put_queue(std::move(*spec), call.by, completion<QueueSpec>(call, std::move(then)));
  return std::nullopt;
}

}  // namespace

void add_queues(Router& router, const ApiPtr& api) {
  router.add(Method::get, "/api/queues", at_once(api, list));
  router.add(Method::put, "/api/queues/:name", later(api, put));
}

}  // namespace taskd
