// GET /api/tasks and GET /api/tasks/:id.
#include "api/access.hpp"
#include "api/api.hpp"
#include "api/parameters.hpp"
#include "api/render.hpp"

namespace taskd {

namespace {

Outcome<Response> list_tasks(const Api& api, const Request& request) {
  Parameters parameters(
      request.query, {"status", "type", "priority", "tag", "assignedTo", "createdBy", "q", "sort", "limit", "cursor"});
  taskcore::TaskQuery query;
  query.status = parameters.statuses("status");
  query.type = parameters.list("type");
  query.priority = parameters.priorities("priority");
  query.tag = parameters.list("tag");
  query.assigned_to = parameters.list("assignedTo");
  query.created_by = parameters.list("createdBy");
  query.text = parameters.text("q");
  query.oldest_first = parameters.oldest_first();
  query.limit = parameters.limit();
  query.cursor = parameters.text("cursor");
  query.visible_to = visible_to(*request.identity);
  if (parameters.problem()) return *parameters.problem();

  auto page = api.scheduler.list(query);
  if (!page) return query_problem(page.error());
  std::vector<std::string> items;
  items.reserve(page->items.size());
  for (taskcore::Task& task : page->items) items.push_back(task_text(api, std::move(task)));
  return page_response("tasks", items, page->next_cursor);
}

Outcome<Response> get_task(const Api& api, const Request& request) {
  const Parameters parameters(request.query, {});
  if (parameters.problem()) return *parameters.problem();
  auto task = visible_task(api, *request.identity, request.param("id"));
  if (!task) return task.error();
  return task_response(api, std::move(*task));
}

}  // namespace

void add_task_reads(Router& router, const ApiPtr& api) {
  router.add(Method::get, "/api/tasks", at_once(api, list_tasks));
  router.add(Method::get, "/api/tasks/:id", at_once(api, get_task));
}

}  // namespace taskd
