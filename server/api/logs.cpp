// GET /api/tasks/:id/logs and /api/runs/:id/logs.
#include "api/access.hpp"
#include "api/api.hpp"
#include "api/parameters.hpp"
#include "api/render.hpp"
#include "taskcore/json.hpp"

namespace taskd {

namespace json = boost::json;

namespace {

Outcome<Response> list_logs(const Api& api, Parameters& parameters, taskcore::LogQuery query) {
  query.level = parameters.level("level");
  query.since = parameters.time("since");
  query.limit = parameters.limit();
  query.cursor = parameters.text("cursor");
  if (parameters.problem()) return *parameters.problem();
  const auto page = api.scheduler.logs(query);
  if (!page) return query_problem(page.error());
  json::array items;
  items.reserve(page->items.size());
  for (const taskcore::LogEntry& entry : page->items) items.push_back(taskcore::to_json(entry));
  return page_response("logs", std::move(items), page->next_cursor);
}

Outcome<Response> logs_of_task(const Api& api, const Request& request) {
  Parameters parameters(request.query, {"level", "since", "runId", "limit", "cursor"});
  taskcore::LogQuery query;
  query.run_id = parameters.text("runId");
  if (parameters.problem()) return *parameters.problem();
  const auto task = visible_task(api, *request.identity, request.param("id"));
  if (!task) return task.error();
  query.task_id = task->id;
  return list_logs(api, parameters, std::move(query));
}

Outcome<Response> logs_of_run(const Api& api, const Request& request) {
  Parameters parameters(request.query, {"level", "since", "limit", "cursor"});
  if (parameters.problem()) return *parameters.problem();
  const auto run = visible_run(api, *request.identity, request.param("id"));
  if (!run) return run.error();
  taskcore::LogQuery query;
  query.task_id = run->task_id;
  query.run_id = run->id;
  return list_logs(api, parameters, std::move(query));
}

}  // namespace

void add_logs(Router& router, const ApiPtr& api) {
  router.add(Method::get, "/api/tasks/:id/logs", at_once(api, logs_of_task));
  router.add(Method::get, "/api/runs/:id/logs", at_once(api, logs_of_run));
}

}  // namespace taskd
