// GET /api/workflow-runs/:id, POST /api/workflow-runs/:id/cancel and /retry-failed.
#include <boost/json/array.hpp>

#include "api/access.hpp"
#include "api/api.hpp"
#include "api/parameters.hpp"
#include "api/render.hpp"
#include "http/json_body.hpp"
#include "taskcore/json.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::Errc;
using taskcore::Result;
using taskcore::WorkflowRun;

namespace {

Problem no_such_workflow(std::string_view id) {
  return make_problem(404, "There is no workflow run \"" + std::string(id) + "\".");
}

/// Of the tasks in it the caller sees those that they see anywhere; it itself they see by its own task.
Outcome<Response> shown(const Api& api, const Identity& caller, std::string_view id, WorkflowRun workflow) {
  if (!sees_all(caller)) {
    const auto hidden = [&](const taskcore::Run& run) { return !visible_task(api, caller, run.task_id); };
    if (!visible_task(api, caller, workflow.task_id)) return no_such_workflow(id);
    std::erase_if(workflow.nodes, hidden);
  }
  return json_response(taskcore::to_json(workflow));
}

Outcome<Response> get_workflow(const Api& api, const Request& request) {
  if (const auto problem = Parameters(request.query, {}).problem()) return *problem;
  const auto id = request.param("id");
  auto workflow = api.scheduler.get_workflow(id);
  if (!workflow) return workflow.error().code == Errc::not_found ? no_such_workflow(id) : to_problem(workflow.error());
  return shown(api, *request.identity, id, std::move(*workflow));
}

std::function<std::optional<Outcome<Response>>(Result<WorkflowRun>)> answer(const Call& call, const Gate& gate) {
  return [call, gate](Result<WorkflowRun> workflow) -> std::optional<Outcome<Response>> {
    if (auto kept = workflow ? call.kept_answer() : std::nullopt) return std::move(*kept);
    if (workflow) return shown(*call.api, call.caller(), call.id(), std::move(*workflow));
    Problem problem = gate.explain(workflow.error());
    if (problem.status != 404) return problem;
    // Of a hidden task it must look like one that is not there; who sees it may see less than all of its tasks.
    const auto seen = get_workflow(*call.api, *call.request);
    return seen ? make_problem(403, "You may not do this with all tasks of this workflow run.") : seen.error();
  };
}

/// What is kept for a day leaves out what each run may have much of.
Response lean(const WorkflowRun& workflow) {
  WorkflowRun bare{workflow.id, workflow.task_id, workflow.status, workflow.created_at, workflow.finished_at, {}};
  json::object out = taskcore::to_json(bare);
  json::array& nodes = out.at("nodes").get_array();
  nodes.reserve(workflow.nodes.size());
  for (const taskcore::Run& run : workflow.nodes) {
    json::object node = taskcore::to_json(run);
    node["params"] = node["result"] = node["error"] = nullptr;
    node["attempts"] = json::array();
    nodes.push_back(std::move(node));
  }
  return json_response(std::move(out));
}

/// The answer that is kept shows what the caller sees, too.
void keep_answer(const Call& call) {
  if (!call.by->idempotency) return;
  if (!sees_all(call.caller())) {
    call.by->idempotency->shows = [caller = call.caller()](const taskcore::Task& task) {
      return decide(caller, Action::see, relation_of(task, caller)) == Verdict::allow;
    };
  }
  call.keep_answer<WorkflowRun>(lean);
}

std::optional<Problem> cancel(Call call) {
  if (auto problem = refuse_arguments(*call.request)) return problem;
  const Gate gate(call, {Action::control, false});
  keep_answer(call);
  call.api->scheduler.async_cancel_workflow(call.id(), call.options(gate.guard()),
                                            completion<WorkflowRun>(call, answer(call, gate)));
  return std::nullopt;
}

std::optional<Problem> retry_failed(Call call) {
  if (auto problem = refuse_arguments(*call.request)) return problem;
  const Gate gate(call, {Action::control, true});
  keep_answer(call);
  call.api->scheduler.async_retry_workflow(call.id(), call.options(gate.guard()),
                                           completion<WorkflowRun>(call, answer(call, gate)));
  return std::nullopt;
}

}  // namespace

void add_workflow_runs(Router& router, const ApiPtr& api) {
  router.add(Method::get, "/api/workflow-runs/:id", at_once(api, get_workflow));
  router.add(Method::post, "/api/workflow-runs/:id/cancel", later(api, cancel));
  router.add(Method::post, "/api/workflow-runs/:id/retry-failed", later(api, retry_failed));
}

}  // namespace taskd
