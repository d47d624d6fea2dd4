// GET /api/runs, /api/dead-letters, /api/tasks/:id/runs, /api/runs/:id and POST /api/runs/:id/cancel, /retry and
// /signal.
#include "api/access.hpp"
#include "api/api.hpp"
#include "api/parameters.hpp"
#include "api/render.hpp"
#include "http/json_body.hpp"
#include "taskcore/json.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::Result;
using taskcore::Run;

namespace {

Outcome<Response> list_runs(const Api& api, Parameters& parameters, taskcore::RunQuery query) {
  query.status = parameters.statuses("status");
  query.trigger = parameters.triggers("trigger");
  query.item_of = parameters.text("itemOf");
  query.created_after = parameters.time("createdAfter");
  query.created_before = parameters.time("createdBefore");
  query.finished_after = parameters.time("finishedAfter");
  query.finished_before = parameters.time("finishedBefore");
  query.oldest_first = parameters.oldest_first();
  query.limit = parameters.limit();
  query.cursor = parameters.text("cursor");
  if (parameters.problem()) return *parameters.problem();
  const auto page = api.scheduler.runs(query);
  if (!page) return query_problem(page.error());
  json::array items;
  items.reserve(page->items.size());
  for (const Run& run : page->items) items.push_back(taskcore::to_json(run));
  return page_response("runs", std::move(items), page->next_cursor);
}

/// Of all tasks that the caller sees, or of one of them.
Outcome<Response> visible_runs(const Api& api, const Request& request, Parameters& parameters,
                               taskcore::RunQuery query) {
  query.visible_to = visible_to(*request.identity);
  query.task_id = parameters.text("taskId");
  if (!parameters.problem() && !query.task_id.empty()) {
    const auto task = visible_task(api, *request.identity, query.task_id);
    if (!task) return task.error();
  }
  return list_runs(api, parameters, std::move(query));
}

Outcome<Response> all_runs(const Api& api, const Request& request) {
  Parameters parameters(request.query, {"status", "taskId", "trigger", "createdAfter", "createdBefore", "finishedAfter",
                                        "finishedBefore", "itemOf", "sort", "limit", "cursor"});
  return visible_runs(api, request, parameters, {});
}

Outcome<Response> dead_letters(const Api& api, const Request& request) {
  Parameters parameters(request.query, {"taskId", "trigger", "createdAfter", "createdBefore", "finishedAfter",
                                        "finishedBefore", "sort", "limit", "cursor"});
  taskcore::RunQuery query;
  query.dead_letters = true;
  return visible_runs(api, request, parameters, std::move(query));
}

Outcome<Response> runs_of_task(const Api& api, const Request& request) {
  Parameters parameters(request.query, {"status", "trigger", "createdAfter", "createdBefore", "finishedAfter",
                                        "finishedBefore", "itemOf", "sort", "limit", "cursor"});
  if (parameters.problem()) return *parameters.problem();
  const auto task = visible_task(api, *request.identity, request.param("id"));
  if (!task) return task.error();
  taskcore::RunQuery query;
  query.task_id = task->id;
  return list_runs(api, parameters, std::move(query));
}

Outcome<Response> get_run(const Api& api, const Request& request) {
  if (const auto problem = Parameters(request.query, {}).problem()) return *problem;
  const auto run = visible_run(api, *request.identity, request.param("id"));
  if (!run) return run.error();
  return json_response(taskcore::to_json(*run));
}

Response shown(const Run& run) { return json_response(taskcore::to_json(run)); }

/// The answer of a verb on a run. The id in the path is the run's: a hidden task must look like a run that is not
/// there.
std::function<std::optional<Outcome<Response>>(Result<Run>)> answer(const Call& call, const Gate& gate) {
  return [call, gate](Result<Run> run) -> std::optional<Outcome<Response>> {
    if (run) return shown(*run);
    Problem problem = gate.explain(run.error());
    if (problem.status == 404) return no_such_run(call.request->param("id"));
    return problem;
  };
}

std::optional<Problem> cancel_run(Call call) {
  if (auto problem = refuse_arguments(*call.request)) return problem;
  const Gate gate(call, {Action::control, false});
  call.keep_answer<Run>(shown);
  call.api->scheduler.async_cancel_run(call.id(), call.options(gate.guard()),
                                       completion<Run>(call, answer(call, gate)));
  return std::nullopt;
}

std::optional<Problem> retry_run(Call call) {
  if (auto problem = refuse_arguments(*call.request)) return problem;
  const Gate gate(call, {Action::control, true});
  call.keep_answer<Run>(shown);
  call.api->scheduler.async_retry_run(call.id(), call.options(gate.guard()), completion<Run>(call, answer(call, gate)));
  return std::nullopt;
}

/// The body is the payload, whatever JSON it is.
std::optional<Problem> signal_run(Call call) {
  if (auto problem = Parameters(call.request->query, {}).problem()) return problem;
  Outcome<json::value> payload = json::value();
  if (!call.request->body.empty()) payload = json_body(*call.request);
  if (!payload) return payload.error();
  const Gate gate(call, {Action::control, true});
  call.keep_answer<Run>(shown);
  call.api->scheduler.async_signal(call.id(), std::move(*payload), call.options(gate.guard()),
                                   completion<Run>(call, answer(call, gate)));
  return std::nullopt;
}

}  // namespace

void add_runs(Router& router, const ApiPtr& api) {
  router.add(Method::get, "/api/runs", at_once(api, all_runs));
  router.add(Method::get, "/api/dead-letters", at_once(api, dead_letters));
  router.add(Method::get, "/api/tasks/:id/runs", at_once(api, runs_of_task));
  router.add(Method::get, "/api/runs/:id", at_once(api, get_run));
  router.add(Method::post, "/api/runs/:id/cancel", later(api, cancel_run));
  router.add(Method::post, "/api/runs/:id/retry", later(api, retry_run));
  router.add(Method::post, "/api/runs/:id/signal", later(api, signal_run));
}

}  // namespace taskd
