// POST /api/runs:cancel, /api/runs:retry, /api/runs:delete and /api/dead-letters:redrive.
//
// Whoever may act upon no task at all is refused; of all others, a task with which they may not do this is passed over,
// whether they see it or not.
#include "api/access.hpp"
#include "api/api.hpp"
#include "api/bulk_body.hpp"
#include "api/parameters.hpp"
#include "http/json_body.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::BulkRuns;
using taskcore::BulkVerb;
using taskcore::Result;

namespace {

Demand demand_of(BulkVerb verb) {
  if (verb == BulkVerb::remove) return {Action::change, false};
  return {Action::control, verb != BulkVerb::cancel};
}

json::array list_of(const std::vector<std::string>& ids) { return json::array(ids.begin(), ids.end()); }

Response response_of(BulkVerb verb, const BulkRuns& runs, bool dry_run) {
  json::object body;
  if (dry_run) body.emplace("dryRun", true);
  body.emplace("matched", runs.matched);
  body.emplace("done", runs.ids.size());
  body.emplace("ids", list_of(runs.ids));
  const bool makes = verb == BulkVerb::retry || verb == BulkVerb::redrive;
  if (makes && !dry_run) body.emplace("made", list_of(runs.made));
  body.emplace("more", !runs.next_cursor.empty());
  json::value& cursor = body["nextCursor"];
  if (!runs.next_cursor.empty()) cursor = runs.next_cursor;
  return json_response(std::move(body));
}

taskcore::TaskGuard guard_of(const Call& call, Demand demand) {
  return [api = call.api, caller = call.caller(), demand](const taskcore::Task& task) -> Result<void> {
    if (!refusal(*api, caller, demand, task)) return {};
    return taskcore::fail(taskcore::Errc::not_found, "refused");
  };
}

void begin(taskcore::Scheduler& scheduler, BulkVerb verb, taskcore::RunSelection which, taskcore::CallOptions options,
           auto done) {
  switch (verb) {
    case BulkVerb::cancel:
      return scheduler.async_cancel_runs(std::move(which), std::move(options), std::move(done));
    case BulkVerb::retry:
      return scheduler.async_retry_runs(std::move(which), std::move(options), std::move(done));
    case BulkVerb::redrive:
      return scheduler.async_redrive(std::move(which), std::move(options), std::move(done));
    case BulkVerb::remove:
      return scheduler.async_remove_runs(std::move(which), std::move(options), std::move(done));
  }
}

Begin bulk(BulkVerb verb) {
  return [verb](Call call) -> std::optional<Problem> {
    if (auto problem = Parameters(call.request->query, {}).problem()) return problem;
    if (!may_act(call.caller())) return make_problem(403, "Your role may only look.");
    auto which = read_selection(*call.request, verb);
    if (!which) return which.error();
    if (which->filter) {
      which->filter->visible_to = visible_to(call.caller());
      if (!which->filter->task_id.empty()) {
        const auto task = visible_task(*call.api, call.caller(), which->filter->task_id);
        if (!task) return task.error();
      }
    }
    auto then = [call, verb, dry_run = which->dry_run](Result<BulkRuns> runs) -> std::optional<Outcome<Response>> {
      if (!runs) return to_problem(runs.error());
      return response_of(verb, *runs, dry_run);
    };
    call.keep_answer<BulkRuns>(
        [verb, dry_run = which->dry_run](const BulkRuns& runs) { return response_of(verb, runs, dry_run); });
    auto options = call.options(guard_of(call, demand_of(verb)));
    auto done = completion<BulkRuns>(call, std::move(then));
    begin(call.api->scheduler, verb, std::move(*which), std::move(options), std::move(done));
    return std::nullopt;
  };
}

}  // namespace

void add_bulk(Router& router, const ApiPtr& api) {
  router.add(Method::post, "/api/runs:cancel", later(api, bulk(BulkVerb::cancel)));
  router.add(Method::post, "/api/runs:retry", later(api, bulk(BulkVerb::retry)));
  router.add(Method::post, "/api/runs:delete", later(api, bulk(BulkVerb::remove)));
  router.add(Method::post, "/api/dead-letters:redrive", later(api, bulk(BulkVerb::redrive)));
}

}  // namespace taskd
